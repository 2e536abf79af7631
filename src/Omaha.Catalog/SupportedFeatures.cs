namespace Omaha.Catalog;

/// <summary>What a document may name in <c>requires</c> and this build can do. Features that change a decision are listed here, so that older servers hold back instead of offering wrongly.</summary>
/// <remarks>
/// Nobody has to think of it: whenever the control plane writes a document, <see cref="Declare"/> puts the features of this list that the
/// document uses into <c>requires</c> and takes out those that it does not. Names that are not on the list are left as they were given. A
/// server that lacks a feature answers noupdate for that app, and says so on its health page; so servers are updated before control planes.
/// </remarks>
public static class SupportedFeatures
{
    private static readonly (string Name, Func<AppDocument, bool> IsUsed)[] Known =
    [
        ("rollouts", static document => Channels(document).Any(static channel => channel.Rollouts is { Count: > 0 } || channel.Ended is { Count: > 0 }) || Specs(document).Any(static channel => channel.Rollout is not null)),
        ("expedite", static document => Channels(document).SelectMany(static channel => (channel.Targets ?? []).Values).Any(static history => history?.Exists(static complete => complete?.Expedite is not null) == true)),
        ("groups", static document => document.Spec?.Groups is { Count: > 0 } || document.State?.Groups is { Count: > 0 }),
        ("floors", static document => Specs(document).Any(static channel => channel.Floors is { Count: > 0 })),
        ("windows", static document => document.Spec?.Windows is { Count: > 0 } || Specs(document).Any(static channel => channel.Windows is { Count: > 0 })),
        ("freezes", static document => document.Spec?.Freezes is { Count: > 0 } || Specs(document).Any(static channel => channel.Freezes is { Count: > 0 })),
    ];

    /// <summary>The first required feature that this build lacks, or null.</summary>
    public static string? FirstMissing(AppDocument document) => document.Requires?.Find(static name => !Array.Exists(Known, known => known.Name == name));

    /// <summary>Makes a document that is about to be written require what it uses.</summary>
    public static void Declare(AppDocument document)
    {
        var requires = (document.Requires ?? []).Where(static name => !Array.Exists(Known, known => known.Name == name))
            .Concat(Known.Where(known => known.IsUsed(document)).Select(static known => known.Name))
            .ToList();
        document.Requires = requires.Count == 0 ? null : requires;
    }

    private static IEnumerable<ChannelState> Channels(AppDocument document) => (document.State?.Channels ?? []).Values.OfType<ChannelState>();

    private static IEnumerable<ChannelSpec> Specs(AppDocument document) => (document.Spec?.Channels ?? []).Values.OfType<ChannelSpec>();
}
