using System.Text;

namespace Omaha.Catalog.Tests;

/// <summary>Faults of what documents say about rollouts, groups, floors and times.</summary>
public sealed class RolloutDocumentTests
{
    private static List<string> Faults(string spec)
    {
        var document = DocumentJson.ReadApp(Encoding.UTF8.GetBytes($$"""
            { "app": "a", "spec": { "channels": { "stable": {} }, "releases": [ { "version": "1.0", "target": "any/amd64", "codebases": ["https://x/"], "packages": [ { "name": "p", "size": 1 } ] } ], {{spec}} } }
            """), out var fault);
        Assert.Null(fault);
        return [.. AppValidator.Check(document!).Select(static found => found.ToString())];
    }

    private static List<string> ChannelFaults(string channel)
    {
        var document = DocumentJson.ReadApp(Encoding.UTF8.GetBytes($$"""
            { "app": "a", "spec": { "channels": { "stable": { {{channel}} } }, "releases": [ { "version": "1.0", "target": "any/amd64", "codebases": ["https://x/"], "packages": [ { "name": "p", "size": 1 } ] } ] } }
            """), out var fault);
        Assert.Null(fault);
        return [.. AppValidator.Check(document!).Select(static found => found.ToString())];
    }

    [Fact]
    public void Document_that_uses_everything_has_no_fault()
    {
        Assert.Empty(Faults("""
            "windows": [ { "days": ["mon", "fri"], "from": "22:00", "to": "06:00", "zone": "Europe/Berlin" }, {} ],
            "freezes": [ { "from": "2026-12-20", "to": "2027-01-03", "zone": "Asia/Kolkata", "reason": "holidays" }, { "from": "2026-12-20T18:00", "to": "2026-12-20T18:01", "reason": "x" } ],
            "groups": { "Rack 7": { "channel": "stable", "windows": [], "version": "1.0", "pollInterval": 600, "interactivePassesRamp": false, "oems": ["ami", ""], "exceptOems": [], "canary": true } },
            "tracks": { "r7": "Rack 7", "s": "stable" }
            """));
        Assert.Empty(ChannelFaults("""
            "rollout": { "steps": [ { "percent": 0.5, "for": "1h" }, { "percent": 100 } ] },
            "floors": { "any/amd64": [ { "version": "1.0", "reason": "boot loader" } ] }
            """));
        Assert.Empty(ChannelFaults(""" "rollout": { "ramp": "1d12h" } """));
        Assert.Empty(ChannelFaults(""" "rollout": { "now": true } """));
    }

    [Theory]
    [InlineData("""{ "zone": "Europe/Atlantis" }""", "spec.windows[0].zone: \"Europe/Atlantis\" is no time zone that this system knows")]
    [InlineData("""{ "zone": "../../etc/passwd" }""", "is no time zone")]
    [InlineData("""{ "days": ["monday"] }""", "spec.windows[0].days: \"monday\" is no day; use mon, tue")]
    [InlineData("""{ "days": [] }""", "would never open")]
    [InlineData("""{ "from": "9:00" }""", "spec.windows[0].from: \"9:00\" is no time of day")]
    [InlineData("""{ "to": "24:01" }""", "spec.windows[0].to: \"24:01\" is no time of day")]
    [InlineData("""{ "to": "00:00" }""", "write \"24:00\" for its end")]
    [InlineData("""{ "from": "24:00" }""", "is when a day ends")]
    [InlineData("""{ "form": "09:00" }""", "spec.windows[0].form: is no key")]
    [InlineData("null", "spec.windows[0]: is null")]
    public void Fault_of_a_window_is_named(string window, string words) => Assert.Contains(Faults($"\"windows\": [ {window} ]"), fault => fault.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{ "from": "2026-12-20", "to": "2026-12-24" }""", "spec.freezes[0].reason: is missing")]
    [InlineData("""{ "from": "20.12.2026", "to": "2026-12-24", "reason": "x" }""", "spec.freezes[0].from: \"20.12.2026\" is neither a day")]
    [InlineData("""{ "from": "2026-02-30", "to": "2026-12-24", "reason": "x" }""", "is neither a day")]
    [InlineData("""{ "from": "2026-12-20", "reason": "x" }""", "spec.freezes[0].to: is missing")]
    [InlineData("""{ "from": "2026-12-25", "to": "2026-12-24", "reason": "x" }""", "spec.freezes[0].to: \"2026-12-24\" is not after")]
    [InlineData("""{ "from": "2026-12-20T10:00", "to": "2026-12-20T10:00", "reason": "x" }""", "is not after")]
    [InlineData("""{ "from": "2026-12-20", "to": "2026-12-24", "reason": "x", "zone": "CET-nowhere" }""", "spec.freezes[0].zone")]
    public void Fault_of_a_freeze_is_named(string freeze, string words) => Assert.Contains(Faults($"\"freezes\": [ {freeze} ]"), fault => fault.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData(""" "g": {} """, "spec.groups.g.channel: is missing")]
    [InlineData(""" "g": { "channel": "gold" } """, "spec.groups.g.channel: \"gold\" is no channel of this app; it has stable")]
    [InlineData(""" "Stable": { "channel": "stable" } """, "is a channel's name already")]
    [InlineData(""" "g": { "channel": "stable" }, "G": { "channel": "stable" } """, "is given twice in different case")]
    [InlineData(""" "-": { "channel": "stable" } """, "cannot be a track")]
    [InlineData(""" "g": { "channel": "stable", "version": "9.9" } """, "spec.groups.g.version: \"9.9\" is no release of the spec")]
    [InlineData(""" "g": { "channel": "stable", "version": "1.0-rc" } """, "is a pre-release")]
    [InlineData(""" "g": { "channel": "stable", "oems": [] } """, "spec.groups.g.oems: is empty")]
    [InlineData(""" "g": { "channel": "stable", "pollInterval": 1 } """, "spec.groups.g.pollInterval: 1 is out of range")]
    [InlineData(""" "g": { "channel": "stable", "canari": true } """, "spec.groups.g.canari: is no key")]
    [InlineData(""" "g": null """, "spec.groups.g: is null")]
    public void Fault_of_a_group_is_named(string groups, string words) => Assert.Contains(Faults($"\"groups\": {{ {groups} }}"), fault => fault.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void Track_may_not_be_called_as_a_group_is()
    {
        Assert.Contains(Faults("""  "groups": { "g": { "channel": "stable" } }, "tracks": { "G": "stable" } """), static fault => fault.Contains("is a group's name already", StringComparison.Ordinal));
        Assert.Contains(Faults("""  "groups": { "g": { "channel": "stable" } }, "tracks": { "x": "y" } """), static fault => fault.Contains("\"y\" is no channel or group of this app; it has stable, g", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", "spec.channels.stable.rollout: says nothing")]
    [InlineData("""{ "ramp": "24h", "now": true }""", "says more than one thing")]
    [InlineData("""{ "ramp": "one day" }""", "spec.channels.stable.rollout.ramp: \"one day\" is no length of time above zero")]
    [InlineData("""{ "ramp": "0s" }""", "is no length of time above zero")]
    [InlineData("""{ "steps": [] }""", "holds 0 steps")]
    [InlineData("""{ "steps": [ { "percent": 10, "for": "1h" }, { "percent": 10 } ] }""", "rollout.steps[1].percent: 10 is not above 10")]
    [InlineData("""{ "steps": [ { "percent": 101 } ] }""", "101 is out of range")]
    [InlineData("""{ "steps": [ { "for": "1h" }, { "percent": 100 } ] }""", "steps[0].percent: 0 is out of range")]
    [InlineData("""{ "steps": [ { "percent": 10 }, { "percent": 100 } ] }""", "steps[0].for: null is no length of time above zero, and a step follows")]
    [InlineData("""{ "steps": [ { "percent": 100, "for": "1h" } ] }""", "steps[0].for: \"1h\" does not end anything")]
    public void Fault_of_a_policy_is_named(string policy, string words) => Assert.Contains(ChannelFaults($"\"rollout\": {policy}"), fault => fault.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData(""" "amd64": [] """, "spec.channels.stable.floors.amd64: \"amd64\" is no target")]
    [InlineData(""" "any/amd64": [ {} ] """, "floors.any/amd64[0].version: is missing")]
    [InlineData(""" "any/amd64": [ { "version": "2.0" } ] """, "\"2.0\" is no release of the spec for any/amd64")]
    [InlineData(""" "any/arm64": [ { "version": "1.0" } ] """, "\"1.0\" is no release of the spec for any/arm64")]
    [InlineData(""" "any/amd64": [ { "version": "1.0" }, { "version": "1.0.0" } ] """, "is a floor already")]
    [InlineData(""" "any/amd64": [], "any/x86_64": [] """, "means any/amd64, which is in the list already")]
    public void Fault_of_a_floor_is_named(string floors, string words) => Assert.Contains(ChannelFaults($"\"floors\": {{ {floors} }}"), fault => fault.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void Fault_of_a_rollouts_state_is_named()
    {
        var document = RolloutSample.Ramping(change: static rollout =>
        {
            rollout.Release!.Digest = "v1:" + new string('0', 64);
            rollout.Policy = null;
            rollout.Start = default;
            rollout.Elapsed = TimeSpan.FromSeconds(-1);
            rollout.Raised = new RaisedExposure { Percent = 120 };
        });
        var faults = AppValidator.Check(document).Select(static fault => fault.ToString()).ToList();
        foreach (var path in (string[])["release.digest", "policy", "start", "elapsed", "raised.percent"]) Assert.Contains(faults, fault => fault.StartsWith($"state.channels.stable.rollouts.any/amd64.{path}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Document_requires_what_it_uses_once_it_is_declared()
    {
        var document = RolloutSample.Ramping();
        document.Requires = ["floors", "teleportation"];
        document.Spec!.Windows = [new WindowSpec()];
        SupportedFeatures.Declare(document);
        Assert.Equal(["teleportation", "rollouts", "windows"], document.Requires);

        document.State!.Channels!["stable"].Rollouts = null;
        document.Spec.Windows = null;
        document.Requires.Remove("teleportation");
        SupportedFeatures.Declare(document);
        Assert.Null(document.Requires);
    }

    [Fact]
    public void Document_with_everything_is_read_back_as_it_was_written()
    {
        var document = RolloutSample.Ramping(change: static rollout =>
        {
            (rollout.Elapsed, rollout.Since, rollout.Release!.From) = (TimeSpan.FromTicks(123_456_789), Sample.Now, "beta");
            (rollout.Paused, rollout.Halted, rollout.Release.Expedite) = (RolloutSample.Mark(Sample.Now), RolloutSample.Mark(Sample.Now, "x"), RolloutSample.Mark(Sample.Now));
            rollout.Raised = new RaisedExposure { Percent = 12.5, At = Sample.Now, By = "someone" };
        });
        var written = DocumentJson.Write(document);
        var read = DocumentJson.ReadApp(written, out var fault);
        Assert.Null(fault);
        Assert.Equal(written, DocumentJson.Write(read!));
        Assert.Equal(TimeSpan.FromTicks(123_456_789), read!.State!.Channels!["stable"].Rollouts![RolloutSample.Target].Elapsed);
    }
}
