using static Omaha.Catalog.AppValidator;

namespace Omaha.Catalog;

/// <summary>Judges the floors of a channel.</summary>
internal static class FloorValidator
{
    private const int MaxFloors = 100;

    public static void Check(Dictionary<string, List<FloorSpec>>? floors, List<ReleaseSpec> releases, string at, FaultList faults)
    {
        if (floors is null) return;
        var known = releases
            .Where(static release => release is not null && Target.TryParse(release.TargetText, out _))
            .Select(static release => ReleaseSeal.Identity(release.Version ?? "", Target.Parse(release.TargetText)))
            .ToHashSet();
        var targets = new HashSet<Target>();
        foreach (var (key, list) in floors)
        {
            var path = $"{at}.{key}";
            if (MustBeTarget(key, path, faults) is not { } target) continue;
            if (!targets.Add(target)) faults.Add(path, $"means {target}, which is in the list already");
            if (list?.Count > MaxFloors) faults.Add(path, $"holds {list.Count} floors; at most {MaxFloors} are allowed");

            var versions = new HashSet<Omaha.Protocol.DottedVersion>();
            for (var i = 0; i < list?.Count; i++)
            {
                var at1 = $"{path}[{i}]";
                if (list[i] is not { } floor)
                {
                    faults.Add(at1, "is null; describe a floor or remove the entry");
                    continue;
                }

                faults.Unknown(floor, at1);
                CheckText(floor.Reason, $"{at1}.reason", faults);
                if (!CheckVersion(floor.Version, $"{at1}.version", faults)) continue;
                var identity = ReleaseSeal.Identity(floor.Version!, target);
                if (!versions.Add(identity.Version)) faults.Add($"{at1}.version", $"{Quote(floor.Version)} is a floor already");
                if (!known.Contains(identity)) faults.Add($"{at1}.version", $"{Quote(floor.Version)} is no release of the spec for {target}; machines must be able to install a floor, so declare it");
            }
        }
    }
}
