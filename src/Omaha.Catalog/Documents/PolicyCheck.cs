namespace Omaha.Catalog;

/// <summary>Judges a rollout policy by itself.</summary>
public static class PolicyCheck
{
    /// <summary>All faults; empty for a policy that can be followed.</summary>
    public static IReadOnlyList<Fault> Faults(RolloutPolicy policy)
    {
        var faults = new AppValidator.FaultList();
        RolloutValidator.CheckPolicy(policy, "policy", faults);
        return faults.Items;
    }
}
