"""`make words`: bring the catalogues up to the source, and compile them."""

from babel.messages.catalog import Catalog, Message

from infra.catalogues.compiling import compile_catalogues
from infra.catalogues.extracting import extracted
from infra.catalogues.files import read, write
from infra.catalogues.places import DOMAIN, LOCALE
from toolcrib.domain.languages import ENGLISH, SPOKEN


def main() -> None:
    """Add new sentences, drop what is no longer said, say what is missing, and compile."""
    template = extracted()
    for language in SPOKEN:
        if language == ENGLISH:
            continue
        path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        catalogue = read(path) if path.exists() else Catalog(locale=language, domain=DOMAIN)
        catalogue.update(template, no_fuzzy_matching=True)
        write(path, catalogue)
        missing = [message.id for message in catalogue if message.id and not _translated(message)]
        print(f"{language}: {len(catalogue)} sentences, {len(missing)} to be translated")  # noqa: T201 - a command
    compile_catalogues()


def _translated(message: Message) -> bool:
    return all(message.string or ("",))


if __name__ == "__main__":
    main()
