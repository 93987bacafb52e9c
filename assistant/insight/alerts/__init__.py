"""What the owner should know at once or soon: jumps, low scores, words of danger; told on the page, by e-mail and by webhook."""
