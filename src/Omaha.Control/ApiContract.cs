using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omaha.Catalog;

namespace Omaha.Control;

// Everything that crosses the wire between a control plane and its clients, in one file, which omahactl compiles too.
// Requests report keys that they do not know; replies may gain keys, which older clients ignore.

/// <summary>Body of <c>POST apps/{id}/channels/{channel}/promote</c>.</summary>
internal sealed class PromoteRequest : DocumentNode
{
    public string? From { get; set; }

    /// <summary>Version or digest of a release that was complete on <see cref="From"/> earlier; absent for the last one.</summary>
    public string? Version { get; set; }

    public string? Target { get; set; }

    /// <summary>What was fetched and found to be right; it must cover every release that moves, with all its codebases.</summary>
    public List<VerifiedRelease>? Verified { get; set; }

    /// <summary>Why nothing was verified.</summary>
    public string? SkipVerify { get; set; }

    public string? OverrideSoak { get; set; }

    public string? OverrideRevert { get; set; }

    /// <summary>True: everybody gets it at once, whatever policy the channel declares.</summary>
    public bool Now { get; set; }

    /// <summary>True: a rollout of another release that is under way is ended.</summary>
    public bool Replace { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/channels/{channel}/set</c>.</summary>
internal sealed class SetRequest : DocumentNode
{
    /// <summary>Version or digest of a release of the spec.</summary>
    public string? Version { get; set; }

    public string? Target { get; set; }

    public string? OverrideRevert { get; set; }

    /// <inheritdoc cref="PromoteRequest.Now"/>
    public bool Now { get; set; }

    /// <inheritdoc cref="PromoteRequest.Replace"/>
    public bool Replace { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/channels/{channel}/rollout/start</c>.</summary>
internal sealed class StartRolloutRequest : DocumentNode
{
    /// <summary>Version or digest of the release.</summary>
    public string? Version { get; set; }

    public string? Target { get; set; }

    /// <summary>How exposure grows; absent for the channel's own policy.</summary>
    public RolloutPolicy? Policy { get; set; }

    /// <summary>When it begins; absent for now.</summary>
    public DateTimeOffset? Start { get; set; }

    /// <inheritdoc cref="PromoteRequest.Replace"/>
    public bool Replace { get; set; }

    /// <summary>Why neither ramp nor windows are to hold it.</summary>
    public string? Expedite { get; set; }

    /// <inheritdoc cref="PromoteRequest.Verified"/>
    public List<VerifiedRelease>? Verified { get; set; }

    /// <inheritdoc cref="PromoteRequest.SkipVerify"/>
    public string? SkipVerify { get; set; }

    public string? OverrideSoak { get; set; }

    public string? OverrideRevert { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/channels/{channel}/rollout/set</c>.</summary>
internal sealed class SetRolloutRequest : DocumentNode
{
    /// <summary>The least exposure, in percent.</summary>
    public double? Percent { get; set; }

    public string? Target { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/channels/{channel}/rollout/pause</c>, <c>halt</c>, <c>resume</c> and <c>expedite</c>; it may be absent where no reason is needed.</summary>
internal sealed class StopRolloutRequest : DocumentNode
{
    public string? Target { get; set; }

    public string? Reason { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/groups/{group}/add</c> and <c>set</c>: what is absent stays as it is.</summary>
internal sealed class GroupRequest : DocumentNode
{
    private static readonly string[] Clearable = ["windows", "freezes", "version", "pollInterval", "interactivePassesRamp", "oems", "exceptOems"];

    public string? Channel { get; set; }

    public List<WindowSpec>? Windows { get; set; }

    public List<FreezeSpec>? Freezes { get; set; }

    public string? Version { get; set; }

    public int? PollInterval { get; set; }

    public bool? InteractivePassesRamp { get; set; }

    public List<string>? Oems { get; set; }

    public List<string>? ExceptOems { get; set; }

    public bool? Canary { get; set; }

    /// <summary>Keys that are taken away.</summary>
    public List<string>? Clear { get; set; }

    public bool DryRun { get; set; }

    /// <summary>Changes a group in place; a fault, with the group as it was, when a key cannot be taken away.</summary>
    public Fault? ApplyTo(GroupSpec group)
    {
        if (Clear?.Find(static key => !Clearable.Contains(key)) is { } unknown) return new Fault("clear", $"\"{unknown}\" is nothing that can be cleared; there are {string.Join(", ", Clearable)}");
        group.Channel = Channel ?? group.Channel;
        group.Windows = Cleared("windows") ? null : Windows ?? group.Windows;
        group.Freezes = Cleared("freezes") ? null : Freezes ?? group.Freezes;
        group.Version = Cleared("version") ? null : Version ?? group.Version;
        group.PollInterval = Cleared("pollInterval") ? null : PollInterval ?? group.PollInterval;
        group.InteractivePassesRamp = Cleared("interactivePassesRamp") ? null : InteractivePassesRamp ?? group.InteractivePassesRamp;
        group.Oems = Cleared("oems") ? null : Oems ?? group.Oems;
        group.ExceptOems = Cleared("exceptOems") ? null : ExceptOems ?? group.ExceptOems;
        group.Canary = Canary ?? group.Canary;
        return null;

        bool Cleared(string key) => Clear?.Contains(key) == true;
    }
}

/// <summary>Body of <c>POST apps/{id}/groups/{group}/remove</c>; it may be absent.</summary>
internal sealed class RemoveGroupRequest : DocumentNode
{
    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/pause</c> and <c>resume</c>: a channel, a group, or with neither the whole app.</summary>
internal sealed class PausePartRequest : DocumentNode
{
    public string? Channel { get; set; }

    public string? Group { get; set; }

    public string? Reason { get; set; }
}

/// <summary>Body of <c>POST brakes/poll-interval</c>.</summary>
internal sealed class PollBrakeRequest : DocumentNode
{
    /// <summary>No machine is told to ask again sooner; absent lifts the brake.</summary>
    public int? Seconds { get; set; }

    public string? Reason { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/channels/{channel}/revert</c>.</summary>
internal sealed class RevertRequest : DocumentNode
{
    /// <summary>What is taken back, by version or digest; absent for whatever the channel points to. Given, a repeated request cannot take back more.</summary>
    public string? Version { get; set; }

    public string? Target { get; set; }

    public string? Reason { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/releases/{version}/relocate</c>.</summary>
internal sealed class RelocateRequest : DocumentNode
{
    public List<string>? Codebases { get; set; }

    public string? Target { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/releases/{version}/block</c> and <c>unblock</c>.</summary>
internal sealed class BlockRequest : DocumentNode
{
    public string? Target { get; set; }

    public string? Reason { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST apps/{id}/releases/{version}/remove</c>; it may be absent.</summary>
internal sealed class RemoveRequest : DocumentNode
{
    public string? Target { get; set; }

    public bool DryRun { get; set; }
}

/// <summary>Body of <c>POST pause</c>; it may be absent.</summary>
internal sealed class PauseRequest : DocumentNode
{
    public string? Reason { get; set; }
}

/// <summary>Body of <c>POST tokens</c>.</summary>
internal sealed class TokenRequest : DocumentNode
{
    /// <summary>viewer, promoter, operator or admin.</summary>
    public string? Role { get; set; }

    /// <summary>Who holds it.</summary>
    public string? Name { get; set; }

    /// <summary>A length of time such as 90d, or a date; absent for never.</summary>
    public string? Expires { get; set; }

    /// <summary>The apps of a promoter.</summary>
    public List<string>? Apps { get; set; }

    /// <summary>The channels of a promoter.</summary>
    public List<string>? Channels { get; set; }
}

/// <summary>Which state of the store an answer is about.</summary>
internal sealed record StoreReply(string Epoch, long Revision, string ChangeId);

/// <summary>Answer of <c>GET status</c>.</summary>
/// <param name="Store">Null when the store was never initialised, or lost everything.</param>
/// <param name="Apps">Number of apps.</param>
/// <param name="Brakes">Brakes over all apps.</param>
/// <param name="FaultyApps">Number of apps with faults.</param>
/// <param name="Faults">What is wrong with the store, and the first faults of apps.</param>
internal sealed record StatusReply(StoreReply? Store, int Apps, Brakes Brakes, int FaultyApps, IReadOnlyList<FaultReply> Faults);

/// <summary>Answer of <c>POST store/accept</c>: what every server now follows.</summary>
internal sealed record AcceptReply(StoreReply Store, int Apps);

/// <summary>Answer of <c>GET apps</c>.</summary>
internal sealed record AppListReply(IReadOnlyList<AppReply> Apps);

/// <summary>One app in a list.</summary>
internal sealed record AppReply(string App, string? Name, IReadOnlyList<string> Channels);

/// <summary>Answer of <c>POST apply</c>.</summary>
/// <param name="DryRun">True: nothing was written.</param>
/// <param name="Revision">Revision of the store afterwards; for a dry run the one that was looked at.</param>
/// <param name="Apps">What happened to each app.</param>
internal sealed record ApplyReply(bool DryRun, long Revision, IReadOnlyList<AppPlan> Apps);

/// <summary>Answer of <c>GET apps/{id}/channels</c>.</summary>
internal sealed record ChannelListReply(string App, IReadOnlyList<ChannelView> Channels);

/// <summary>Answer of <c>GET apps/{id}/history</c>, the newest first.</summary>
internal sealed record HistoryReply(string App, IReadOnlyList<HistoryEntry> Entries);

/// <summary>Answer of <c>POST apps/{id}/channels/{channel}/promote</c>, <c>set</c> and <c>revert</c>.</summary>
/// <param name="DryRun">True: nothing was written.</param>
/// <param name="Revision">Revision of the store afterwards; for a dry run the one that was looked at.</param>
/// <param name="App">The app's id.</param>
/// <param name="Channel">The channel that moves.</param>
/// <param name="Moves">What it points to, target by target.</param>
/// <param name="Audience">Who follows the channel, in words.</param>
/// <param name="Effects">What machines will see, in words.</param>
internal sealed record ChannelReply(bool DryRun, long Revision, string App, string Channel, IReadOnlyList<ChannelMove> Moves, IReadOnlyList<string> Audience, IReadOnlyList<string> Effects)
{
    /// <summary>What whoever starts a rollout should know, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Answer of <c>GET apps/{id}/rollouts</c>.</summary>
internal sealed record RolloutListReply(string App, IReadOnlyList<RolloutView> Rollouts);

/// <summary>Answer of every verb that changes rollouts under way.</summary>
/// <param name="DryRun">True: nothing was written.</param>
/// <param name="Revision">Revision of the store afterwards; for a dry run the one that was looked at.</param>
/// <param name="App">The app's id.</param>
/// <param name="Changed">False: it was so already.</param>
/// <param name="Rollouts">How each rollout that was named stands then.</param>
/// <param name="Notes">What follows, or why nothing changes, in words.</param>
internal sealed record RolloutReply(bool DryRun, long Revision, string App, bool Changed, IReadOnlyList<RolloutView> Rollouts, IReadOnlyList<string> Notes);

/// <summary>Answer of <c>GET apps/{id}/groups</c>.</summary>
internal sealed record GroupListReply(string App, IReadOnlyList<GroupView> Groups);

/// <summary>One group: what it is declared to be, and whether it is paused.</summary>
internal sealed record GroupView(string Name, GroupSpec Spec, Mark? Paused);

/// <summary>Answer of every verb that changes a group.</summary>
/// <param name="DryRun">True: nothing was written.</param>
/// <param name="Revision">Revision of the store afterwards; for a dry run the one that was looked at.</param>
/// <param name="App">The app's id.</param>
/// <param name="Group">The group.</param>
/// <param name="Spec">What it is then; null when it is gone.</param>
/// <param name="Differences">What changed, in words; nothing when it was so already.</param>
internal sealed record GroupReply(bool DryRun, long Revision, string App, string Group, GroupSpec? Spec, IReadOnlyList<string> Differences);

/// <summary>Answer of <c>POST apps/{id}/pause</c> and <c>resume</c>.</summary>
/// <param name="Changed">False: it was so already.</param>
/// <param name="Revision">Revision of the store afterwards.</param>
/// <param name="App">The app's id.</param>
/// <param name="Channel">The channel; null for another part.</param>
/// <param name="Group">The group; null for another part.</param>
/// <param name="Paused">The mark that now holds; null for none.</param>
internal sealed record PausePartReply(bool Changed, long Revision, string App, string? Channel, string? Group, Mark? Paused);

/// <summary>Answer of <c>GET explain</c>.</summary>
/// <param name="App">The app's id.</param>
/// <param name="At">When the machine asks.</param>
/// <param name="Revision">Revision of the catalogue that answers.</param>
/// <param name="Decision">As the metrics name it.</param>
/// <param name="Version">What is offered; null for nothing.</param>
/// <param name="Summary">The answer and its reason in a line.</param>
/// <param name="Rules">The rules in the order in which they were applied.</param>
internal sealed record ExplainReply(string App, DateTimeOffset At, long Revision, Decision Decision, string? Version, string Summary, IReadOnlyList<ExplainedRule> Rules);

/// <summary>Answer of <c>GET apps/{id}/releases</c>, the newest version first, and of <c>GET apps/{id}/releases/{version}</c>.</summary>
internal sealed record ReleaseListReply(string App, IReadOnlyList<ReleaseView> Releases);

/// <summary>Answer of every verb that changes releases.</summary>
/// <param name="DryRun">True: nothing was written.</param>
/// <param name="Revision">Revision of the store afterwards; for a dry run the one that was looked at.</param>
/// <param name="App">The app's id.</param>
/// <param name="Releases">What happened to each release.</param>
internal sealed record ReleaseReply(bool DryRun, long Revision, string App, IReadOnlyList<ReleaseStep> Releases);

/// <summary>Answer of <c>POST pause</c> and <c>POST resume</c>.</summary>
/// <param name="Changed">False: it was so already.</param>
/// <param name="Revision">Revision of the store afterwards.</param>
/// <param name="Brakes">The brakes that now hold.</param>
internal sealed record BrakesReply(bool Changed, long Revision, Brakes Brakes);

/// <summary>Answer of <c>GET tokens</c>.</summary>
internal sealed record TokenListReply(IReadOnlyList<TokenReply> Tokens);

/// <summary>One token, without its secret; answer of <c>DELETE tokens/{token}</c>.</summary>
internal sealed record TokenReply(string Id, string Role, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, bool IsExpired, IReadOnlyList<string>? Apps, IReadOnlyList<string>? Channels);

/// <summary>Answer of <c>POST tokens</c>.</summary>
/// <param name="Text">The token itself, which nobody can ask for again.</param>
/// <param name="Token">What was stored.</param>
internal sealed record TokenCreatedReply(string Text, TokenReply Token);

/// <summary>Answer of <c>GET audit</c>.</summary>
/// <param name="Entries">The newest first.</param>
/// <param name="Next">What to ask for with <c>before</c> to get the next ones; null when there are none.</param>
internal sealed record AuditReply(IReadOnlyList<AuditEntry> Entries, string? Next);

/// <summary>Answer of <c>GET diff</c>.</summary>
/// <param name="From">What is compared.</param>
/// <param name="To">With what.</param>
/// <param name="Apps">Apps that differ, and those of which it is not recorded.</param>
/// <param name="FurtherApps">How many more were changed in between and are not compared.</param>
/// <param name="Brakes">What differs in the brakes over all apps, in words.</param>
internal sealed record DiffReply(MomentReply From, MomentReply To, IReadOnlyList<AppDiffReply> Apps, int FurtherApps, IReadOnlyList<string> Brakes);

/// <summary>A revision, and when it was last the state of the catalogue that something was done at.</summary>
internal sealed record MomentReply(long Revision, DateTimeOffset At);

/// <summary>What differs in one app.</summary>
/// <param name="App">Its normalised id.</param>
/// <param name="IsRecorded">False: how it was is not recorded any more.</param>
/// <param name="Before">Digest of its document; null for none.</param>
/// <param name="After">The same afterwards.</param>
/// <param name="Differences">In words.</param>
internal sealed record AppDiffReply(string App, bool IsRecorded, string? Before, string? After, IReadOnlyList<string> Differences);

/// <summary>Answer of <c>POST restore</c>.</summary>
/// <param name="DryRun">True: nothing was written.</param>
/// <param name="Store">What the store is at afterwards; for a dry run what it is at now, null when it has no epoch.</param>
/// <param name="Backup">Revision in the backup, and when it was made.</param>
/// <param name="IsEmpty">True: the store held nothing that would be lost.</param>
/// <param name="Apps">Apps that come, change or go.</param>
/// <param name="FurtherApps">How many more come, change or go.</param>
/// <param name="UnchangedApps">How many are as they are in the backup.</param>
/// <param name="Brakes">The brakes afterwards; those in force stay.</param>
/// <param name="EndingTokens">Tokens of the store that end, in words.</param>
/// <param name="ReturningTokens">Tokens of the backup that the store does not have, in words.</param>
/// <param name="LaterEntries">How many audit entries the store has beyond the backup's; they are kept.</param>
internal sealed record RestoreReply(
    bool DryRun,
    StoreReply? Store,
    MomentReply Backup,
    bool IsEmpty,
    IReadOnlyList<AuditedApp> Apps,
    int FurtherApps,
    int UnchangedApps,
    Brakes Brakes,
    IReadOnlyList<string> EndingTokens,
    IReadOnlyList<string> ReturningTokens,
    long LaterEntries);

/// <summary>Every answer that is not a success: application/problem+json (RFC 9457) with the faults, each naming a thing, its value and what would be right.</summary>
internal sealed record ProblemReply(string Title, int Status, string Detail, IReadOnlyList<FaultReply> Faults);

/// <summary>One fault.</summary>
internal sealed record FaultReply(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(PromoteRequest))]
[JsonSerializable(typeof(SetRequest))]
[JsonSerializable(typeof(RevertRequest))]
[JsonSerializable(typeof(RelocateRequest))]
[JsonSerializable(typeof(BlockRequest))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(StartRolloutRequest))]
[JsonSerializable(typeof(SetRolloutRequest))]
[JsonSerializable(typeof(StopRolloutRequest))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(RemoveGroupRequest))]
[JsonSerializable(typeof(PausePartRequest))]
[JsonSerializable(typeof(PollBrakeRequest))]
[JsonSerializable(typeof(RolloutListReply))]
[JsonSerializable(typeof(RolloutReply))]
[JsonSerializable(typeof(GroupListReply))]
[JsonSerializable(typeof(GroupReply))]
[JsonSerializable(typeof(PausePartReply))]
[JsonSerializable(typeof(ExplainReply))]
[JsonSerializable(typeof(AcceptReply))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(AppListReply))]
[JsonSerializable(typeof(ApplyReply))]
[JsonSerializable(typeof(ChannelListReply))]
[JsonSerializable(typeof(ChannelReply))]
[JsonSerializable(typeof(HistoryReply))]
[JsonSerializable(typeof(ReleaseListReply))]
[JsonSerializable(typeof(ReleaseReply))]
[JsonSerializable(typeof(BrakesReply))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenListReply))]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(TokenCreatedReply))]
[JsonSerializable(typeof(AuditReply))]
[JsonSerializable(typeof(DiffReply))]
[JsonSerializable(typeof(RestoreReply))]
[JsonSerializable(typeof(ProblemReply))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private static ApiJson? _readable;

    /// <summary>Writes quotes and letters of all languages as they are, since people read the answers too.</summary>
    public static ApiJson Readable => _readable ??= new ApiJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
