import pytest

from tests.cluster.helpers import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("site"))
    made.open()
    for name in ("one", "two"):
        made.hire(name)
    yield made
    made.close()


@pytest.fixture(scope="module")
def lonely(tmp_path_factory):
    """A scheduler without workers."""
    made = Site(tmp_path_factory.mktemp("lonely"))
    made.open()
    yield made
    made.close()
