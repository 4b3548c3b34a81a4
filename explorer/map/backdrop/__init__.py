"""What lies behind the dots: decoded pictures, heat."""
