"""Menus as a table: every action of the window, its words and its keys; what each does is said in `wiring`."""

from dataclasses import dataclass

MENUS = ("&File", "&Edit", "&View", "&Map", "&Explore", "&Training", "&Help")
SCHEMES = (("system", "As the &system has it"), ("light", "&Light"), ("dark", "&Dark"))


@dataclass(frozen=True)
class Entry:
    """One action: its menu, its words, its shortcuts, what it is called in `MainWindow.actions_by_name`."""

    menu: str
    name: str
    text: str
    shortcut: str = ""
    tip: str = ""
    is_toggle: bool = False


ENTRIES = (
    Entry("&File", "open_folder", "&Open folder…", "Ctrl+O", "Choose a folder of images to learn from"),
    Entry("&File", "open_archive", "Open a &ZIP of images…", "", "Choose a ZIP archive of images to learn from"),
    Entry("&File", "read_anew", "Read everything ane&w", "", "Decode every file of the images in hand once more"),
    Entry("&File", "open_run", "Open &run…", "Ctrl+Shift+O", "Choose the folder of a run that was trained before"),
    Entry("&File", "all_runs", "All r&uns…", "Ctrl+Shift+R", "Every run that is kept: find, open, name, delete"),
    Entry("&File", "open_picture", "&Place a picture on the map…", "Ctrl+P", "See where the model puts it"),
    Entry("&File", "save_picture", "&Save picture…", "Ctrl+S", "Save the decoded picture with its z inside"),
    Entry("&File", "copy_picture", "&Copy picture", "Ctrl+Shift+C", "Copy the decoded picture"),
    Entry("&File", "copy_command", "Copy as co&mmand", "Ctrl+Alt+C", "The line that makes this picture in a terminal"),
    Entry("&File", "settings", "Se&ttings…", "Ctrl+,", "Where things are kept, the cache, the colours"),
    Entry("&File", "quit", "&Quit", "Ctrl+Q", "Save and leave"),
    Entry("&Edit", "undo", "&Undo", "Ctrl+Z", "Back to how things were before the last step"),
    Entry("&Edit", "redo", "&Redo", "Ctrl+Shift+Z; Ctrl+Y", "Do again what was undone"),
    Entry("&Edit", "paste", "&Paste a picture", "Ctrl+V", "Place a copied picture, its file, or a z"),
    Entry("&Edit", "select_all", "Select &all images", "Ctrl+A", "Every image of the set"),
    Entry("&Edit", "select_none", "Select &none", "Ctrl+Shift+A", "No image; Esc on the map does the same"),
    Entry("&Edit", "invert", "&Invert the selection", "Ctrl+Alt+I", "All images that are not selected"),
    Entry("&Edit", "find_image", "&Find an image…", "Ctrl+F", "Go to the dot of a file by a part of its name"),
    Entry("&File", "copy_files", "Copy selected &files…", "", "Copy the files of the selected images to a folder"),
    Entry("&File", "move_files", "Mo&ve selected files…", "", "Move them to a folder; you are asked once"),
    Entry("&File", "export_selection", "&Export the selection…", "Ctrl+Shift+E", "As CSV: file, class, code, columns"),
    Entry("&Explore", "selection", "&Selection", "F5", "The images selected: a list, and what to do with them"),
    Entry("&Explore", "unusual", "Most &unusual images", "Ctrl+U", "Select the images that have the fewest like them"),
    Entry("&Explore", "ten_unusual", "T&he 10 most unusual", "Ctrl+Shift+U", "The 10 that have the fewest like them"),
    Entry("&Explore", "duplicates", "Duplicate i&mages", "", "Select the images whose picture another image shows too"),
    Entry("&Explore", "mean", "Go to the m&ean of the selection", "", "The cursor goes to the mean of their codes"),
    Entry("&Explore", "group", "Ma&ke the selection a class…", "", "A class of your own, to colour by"),
    Entry("&Explore", "traversals", "&Traversals", "F6", "What each latent dimension does to the picture"),
    Entry("&Explore", "directions", "&Directions", "F7", "What some images have that others have not"),
    Entry("&Explore", "set_a", "Set the selection as &A", "Ctrl+Alt+1", "The images a direction leads to"),
    Entry("&Explore", "set_b", "Set the selection as &B", "Ctrl+Alt+2", "The images a direction leads away from"),
    Entry("&Explore", "set_c", "Set the selection as &C", "Ctrl+Alt+3", "The images that A − B is added to"),
    Entry("&Explore", "make_direction", "Make the direct&ion from B to A", "Ctrl+Alt+D", "Mean of A minus mean of B"),
    Entry("&Explore", "add_up", "&Go to A − B + C", "Ctrl+Alt+G", "The cursor goes to the sum of their means"),
    Entry("&Explore", "paths", "&Paths", "F8", "A film from place to place: played, scrubbed, saved"),
    Entry("&Explore", "add_stop", "Add the cursor's p&lace to the path", "Ctrl+Alt+A", "The next stop of the film"),
    Entry("&Explore", "play_path", "Pla&y the path, or pause", "Ctrl+Alt+P", "The cursor moves along it"),
    Entry("&Explore", "save_film", "Save a &film of the path…", "Ctrl+Alt+S", "GIF, WebP, MP4 or PNG frames"),
    Entry("&Explore", "draw", "D&raw an image", "F9", "Encoded as it is drawn"),
    Entry("&Training", "train", "&Train, or pause", "Ctrl+T", "Start training; pause it; go on"),
    Entry("&Training", "finish", "&Finish now and keep the model", "Ctrl+Shift+T", "Stop here; the model is kept"),
    Entry("&Training", "evaluate", "&Evaluate on held-out images", "Ctrl+E", "How good the model is on them"),
    Entry("&Training", "compare", "&Compare runs", "Ctrl+R", "Curves and figures of several runs together"),
    Entry("&View", "samples", "Draw other &samples", "Ctrl+D", "Pictures that the model makes up"),
    Entry("&View", "complete", "C&omplete an image", "Ctrl+I", "Hide a part of an image, and see what could be there"),
    Entry("&View", "large", "Make &room below the map", "F11", "It takes the map's room, or gives it back", True),
    Entry("&View", "put_back", "Put the &panels back", "", "All panels where they were at first"),
    Entry("&View", "focus_map", "Go to the &map", "Ctrl+M", "Then the arrow keys move the cursor"),
    Entry("&Help", "overlay", "&What am I looking at?", "F1", "Every part of the window, named in place"),
    Entry("&Help", "palette", "Find a &command…", "Ctrl+K", "Search every command by its name"),
    Entry("&Help", "about", "&About Latentscape", "", "Version and licence"),
)  # fmt: skip
