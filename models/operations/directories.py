"""Directories: partners who act for many businesses, and which businesses they act for."""

from sqlmodel import Session, col, select

from models.business import Business, Directory
from models.errors import Invalid, NotFound, Taken
from models.identifiers import new_uid
from models.operations.fields import required


def found_directory(session: Session, name: str) -> Directory:
    """Make a directory. Raises `Taken` where another has the name, by which it is also found."""
    name = required(name, "name")
    if session.exec(select(Directory).where(col(Directory.name) == name)).first():
        raise Taken("another directory has this name", "name")
    directory = Directory(uid=new_uid(), name=name)
    session.add(directory)
    session.flush()
    return directory


def find_directory(session: Session, reference: str) -> Directory:
    """The directory with this uid or, where it is the only one, with this name. Raises `NotFound`."""
    if not reference.isprintable():
        raise NotFound("no directory has this uid or name", "directory")
    by_uid = session.exec(select(Directory).where(col(Directory.uid) == reference)).first()
    if by_uid is not None:
        return by_uid
    by_name = session.exec(select(Directory).where(col(Directory.name) == reference).limit(2)).all()
    if not by_name:
        raise NotFound("no directory has this uid or name", "directory")
    if len(by_name) > 1:
        raise Invalid("several directories have this name: give the uid", "directory")
    return by_name[0]


def add_business(session: Session, directory: Directory, business: Business) -> None:
    """Let a directory act for a business. Raises `Taken` where another directory does."""
    if business.directory_id not in (None, directory.id):
        raise Taken("the business belongs to another directory", "business")
    business.directory_id = directory.id
    session.add(business)


def directory_of(session: Session, business: Business) -> Directory:
    """The directory of a business; one is founded under its nickname where it has none."""
    if business.directory_id is not None:
        return session.get_one(Directory, business.directory_id)
    directory = found_directory(session, business.nickname)
    add_business(session, directory, business)
    return directory
