"""How the holder of a token and a dataset stand with the Hub."""

from evalmark.adapters.hub.caller import HubCaller
from evalmark.authoring.account import Account


class HubStanding(HubCaller):
    """All raise `UsageProblem`, `Forbidden` or `CouldNotFinish`."""

    def account(self) -> Account:
        """Whose token it is. The Hub limits this question strictly: ask once."""
        told = self._ask("whose token this is", self._api.whoami)
        token = (told.get("auth") or {}).get("accessToken") or {}
        orgs = tuple((str(org.get("name")), str(org.get("roleInOrg", ""))) for org in told.get("orgs") or ())
        return Account(str(told["name"]), str(token.get("role", "unknown")), orgs)

    def tags(self, dataset: str) -> frozenset[str]:
        """The Hub's tags of a dataset."""
        info = self._ask(f"the dataset {dataset}", lambda: self._api.dataset_info(dataset))
        return frozenset(map(str, info.tags or ()))
