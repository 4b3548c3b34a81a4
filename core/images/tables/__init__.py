"""What tables say of images, whatever wrote them."""
