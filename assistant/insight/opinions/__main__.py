"""`python -m assistant.insight.opinions` learns the sentiment that is shipped anew."""

from assistant.insight.opinions.sentiment import LESSONS, learn_sentiment
from catalog import load_embedder

if __name__ == "__main__":
    packaged = load_embedder("packaged")
    learn_sentiment(packaged.name, packaged.passages, LESSONS.shipped)
