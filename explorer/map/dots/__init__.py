"""The dots: how they are drawn, picked and turned into thumbnails."""
