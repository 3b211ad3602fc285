"""Writes the pictures that the style sheet names (resources/themes/images) again, after a colour or an icon has changed."""

from approgress.paths import resource
from approgress.style import THEMES, load_style
from approgress.ui.theme import icon_text
from approgress.ui.theme_sheet import IMAGES


def main() -> None:
    folder = resource("themes", "images")
    folder.mkdir(exist_ok=True)
    for theme in THEMES:
        style = load_style(theme)
        for name, (icon, role, stroke) in IMAGES.items():
            (folder / f"{theme}-{name}.svg").write_text(icon_text(icon, style.colour(role), stroke), encoding="utf-8")


if __name__ == "__main__":
    main()
