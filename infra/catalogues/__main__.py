"""`make words`: bring the catalogues up to the source, and compile them."""

from babel.messages.catalog import Catalog, Message

from infra.catalogues.compiling import compile_catalogues
from infra.catalogues.extracting import extracted
from infra.catalogues.files import read, write
from infra.catalogues.places import BOOKS, Book
from toolcrib.domain.languages import ENGLISH, SPOKEN


def main() -> None:
    """Add new sentences, drop what is no longer said, say what is missing, and compile."""
    for book in BOOKS:
        template = extracted(book)
        for language in SPOKEN:
            if language != ENGLISH:
                _update(book, language, template)
    compile_catalogues()


def _update(book: Book, language: str, template: Catalog) -> None:
    path = book.file(language)
    catalogue = read(path) if path.exists() else Catalog(locale=language, domain=book.domain)
    catalogue.update(template, no_fuzzy_matching=True)
    write(book, language, catalogue)
    missing = [message.id for message in catalogue if message.id and not _translated(message)]
    counted = f"{len(catalogue)} sentences, {len(missing)} to be translated"
    print(f"{book.domain} {language}: {counted}")  # noqa: T201 - a command


def _translated(message: Message) -> bool:
    return all(message.string or ("",))


if __name__ == "__main__":
    main()
