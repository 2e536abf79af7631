using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>The machine that asks, as far as candidates are weighed against it.</summary>
internal readonly ref struct Machine
{
    private readonly UpdateRequest _request;
    private readonly ref readonly RequestedApp _asked;
    private readonly ClientKind _client;

    /// <param name="request">What was asked.</param>
    /// <param name="asked">The app that it is about.</param>
    /// <param name="client">The family of the client.</param>
    /// <param name="node">The node's id.</param>
    /// <param name="version">The version that it has of the app.</param>
    public Machine(UpdateRequest request, in RequestedApp asked, ClientKind client, in NodeId node, in DottedVersion version)
    {
        (_request, _client) = (request, client);
        Node = node;
        _asked = ref asked;
        Version = ref version;
        IsInteractive = Interactivity.Of(request, asked);
    }

    /// <summary>What it has installed.</summary>
    public readonly ref readonly DottedVersion Version;

    /// <summary>Somebody asked by hand.</summary>
    public bool IsInteractive { get; }

    /// <summary>Only releases under this prefix may be offered to it.</summary>
    public ReadOnlySpan<byte> Prefix => _request[_asked.TargetVersionPrefix];

    /// <summary>It takes a lower version, under a prefix.</summary>
    public bool AsksForRollback => _asked.RollbackAllowed;

    /// <summary>The node's id.</summary>
    public readonly NodeId Node;

    /// <summary><see cref="Decision.Offered"/> when this client on this machine can take a release, else why it cannot.</summary>
    public Decision CanTake(OfferedRelease release) => release.Judge(_request, _asked, _client);

    /// <summary><see cref="Decision.Offered"/> when the machine may move to a release. Only a higher version is offered; the same or a lower one only where it was asked for and is allowed.</summary>
    public Decision MayMoveTo(OfferedRelease release, bool mayGoBack)
    {
        var order = DottedVersion.Compare(release.Version, Version);
        return order > 0 || (order < 0 ? mayGoBack : _asked.SameVersionUpdate) ? Decision.Offered : Decision.Current;
    }

    /// <summary>Whether it can take all of the floors that one reply names, and the release behind them.</summary>
    public bool TakesAll(FloorLadder floors, int first, OfferedRelease release)
    {
        var end = first + floors.CountUpTo(first, release);
        for (var i = first; i < end; i++)
        {
            if (CanTake(floors[i].Release) != Decision.Offered) return false;
        }

        return true;
    }
}
