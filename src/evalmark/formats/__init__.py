"""The three files that evalmark reads: text in, typed models with places and findings out. Pure."""
