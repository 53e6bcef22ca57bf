"""What policies came to, out of the `results.json` of `heed bench`: every figure is of the goals both keep."""

OBJECTIVES = {"energy": "least energy", "error": "fewest errors"}
ALL = "all"


class Results:
    def __init__(self, document):
        self.document = document
        self.samples = {each["name"]: each["samples"] for each in document["environments"]}

    def summary(self, policy, objective):
        wanted = ALL if len(self.samples) > 1 else next(iter(self.samples))
        return next(each for each in self.document["summaries"] if
                    (each["policy"], each["objective"], each["environment"]) == (policy, objective, wanted))

    def against(self, policy, other, objective):
        """One's figure over the other's for each goal that both keep."""
        ratios = []
        for goal in self._goals(objective):
            scores = goal["scores"]
            if not scores[policy]["isViolated"] and not scores[other]["isViolated"]:
                ratios.append(self._figure(goal, policy) / self._figure(goal, other))
        return ratios

    def violated(self, policy, objective):
        return self.summary(policy, objective)["violated"]

    def kept(self, policy):
        """By environment, the share of 95 % promises that were kept."""
        shares = {}
        for each in self.document["promises"]:
            if each["policy"] == policy:
                tally = next((one for one in each["tallies"] if abs(one["promised"] - 0.95) < 1e-9), None)
                if tally and tally["count"]:
                    shares[each["environment"]] = tally["kept"] / tally["count"]
        return shares

    def _goals(self, objective):
        return [goal for goal in self.document["goals"] if goal["objective"] == objective]

    def _figure(self, goal, policy):
        score = goal["scores"][policy]
        if goal["objective"] == "energy":
            return score["energy"]
        # Half an error at least, so that a run without errors can be divided by.
        return max(score["error"], 0.5 / self.samples[goal["environment"]])


def harmonic_mean(values):
    return len(values) / sum(1 / value for value in values) if values else None


def tables(summaries, kept):
    """Every environment and objective; `kept` gives the shares of 95 % promises by environment."""
    lines = []
    for environment in dict.fromkeys(each["environment"] for each in summaries):
        for objective, words in OBJECTIVES.items():
            lines += [f"{words.capitalize()}, {environment}:", "",
                      f"| policy | {objective} ×static | ×oracle | ×one layer | goals violated | 95 % kept |",
                      "|---|---|---|---|---|---|"]
            for each in summaries:
                if (each["environment"], each["objective"]) != (environment, objective):
                    continue
                shares = [share for name, share in kept(each["policy"]).items() if environment in (ALL, name)]
                ratios = " | ".join(_ratio(each.get(key)) for key in ("toStatic", "toOracle", "toOneLayer"))
                lines.append(f"| `{each['policy']}` | {ratios} | {each['violated']} of {each['goals']} | "
                             f"{_range(shares)} |")
            lines.append("")
    return "\n".join(lines)


def overview(raw):
    """Both platforms beside each other, over all environments: what is minimized relative to the oracle's."""
    columns = "energy | goals violated | error | goals violated | 95 % kept"
    lines = ["| policy | " + " | ".join(f"{platform}: {columns}" for platform in raw) + " |",
             "|---" * (1 + 5 * len(raw)) + "|"]
    first = next(iter(raw.values()))
    for name in dict.fromkeys(each["policy"] for each in first["summaries"]):
        cells = []
        for figures in raw.values():
            for objective in OBJECTIVES:
                each = next(one for one in figures["summaries"] if
                            (one["policy"], one["objective"], one["environment"]) == (name, objective, ALL))
                cells += [_ratio(each.get("toOracle")), f"{each['violated']} of {each['goals']}"]
            cells.append(_range(figures["kept"].get(name, {}).values()))
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _ratio(figure):
    return "–" if figure is None else f"{figure:.3f}"


def _range(shares):
    if not shares:
        return "–"
    least, most = f"{100 * min(shares):.1f}", f"{100 * max(shares):.1f}"
    return f"{least} %" if least == most else f"{least}–{most} %"
