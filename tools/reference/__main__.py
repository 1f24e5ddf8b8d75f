"""`python -m tools.reference`."""

from tools.reference import FOLDER, MEASURED, SCHEMA, pages, policy_schema


def main() -> None:
    """Write what changed, remove what is no longer made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in {*made, *MEASURED}:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)
        print(f"docs/reference/{name}")
    (FOLDER / SCHEMA).write_text(policy_schema())
    print(f"docs/reference/{SCHEMA}")


if __name__ == "__main__":
    main()
