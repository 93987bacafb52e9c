"""What shoppers think of products and of the shop, by aspect: read in their comments, their chats and product reviews."""
