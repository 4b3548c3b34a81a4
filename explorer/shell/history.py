"""Undo and redo: what a person does, step by step."""

from explorer.shell.actions import Actions, Entry
from explorer.toolkit.descriptions import allow
from explorer.toolkit.plain_text import name_action
from explorer.workspace.undo_history import Exploring


class History:
    """The two entries, which say what they would do."""

    def __init__(self, exploring: Exploring, actions: Actions) -> None:
        self._actions = actions
        actions.add(
            Entry("&Edit", "undo", "&Undo", "Ctrl+Z", "Back to how things were before the last step"), exploring.undo
        )
        actions.add(Entry("&Edit", "redo", "&Redo", "Ctrl+Shift+Z; Ctrl+Y", "Do again what was undone"), exploring.redo)
        exploring.undo_changed.connect(self._show)
        self._show("", "")

    def _show(self, undone: str, redone: str) -> None:
        """What the next of each would do, in words; empty: there is nothing."""
        for name, verb, what in (("undo", "&Undo", undone), ("redo", "&Redo", redone)):
            action = self._actions[name]
            allow(action)
            name_action(action, what, before=f"{verb} " if what else verb)
            if not what:
                allow(action, f"There is nothing to {verb.replace('&', '').lower()}.")
