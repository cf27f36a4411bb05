"""Numbers: pure compiled functions over tiles of paths. Nothing here knows a name or a file.

Arrays have the paths of a tile as their last axis (`LANES` of them), so that the innermost loop of
every kernel runs over paths and vectorises. Randomness has an address, never a state.
"""
