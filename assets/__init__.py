"""The bundled run, icons and screenshots; a package, so that an installed wheel finds them."""
