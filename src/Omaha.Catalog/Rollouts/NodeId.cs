using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Where a node's id was found. The names are the values of a metric tag.</summary>
public enum NodeIdSource
{
    /// <summary>Nowhere: the check carries no usable id.</summary>
    None,

    MachineId,

    UserId,

    /// <summary>The random part of a cohort that was issued to the client, see <see cref="IssuedCohort"/>.</summary>
    Cohort,
}

/// <summary>
/// What tells one node from all others: its machineid, else its userid, else the random part of a cohort that we issued. Never its bootid,
/// which changes with every start and would draw a new lot each time.
/// </summary>
/// <remarks>White space around an id and the case of A to Z do not count. An id of more than <see cref="MaxBytes"/> bytes is not usable.</remarks>
public readonly ref struct NodeId
{
    /// <summary>Longest usable id in bytes.</summary>
    public const int MaxBytes = 256;

    private readonly ReadOnlySpan<byte> _sent;

    private NodeId(NodeIdSource source, ReadOnlySpan<byte> sent)
    {
        Source = source;
        _sent = sent;
    }

    public NodeIdSource Source { get; }

    /// <summary>The id of the node that sent a request.</summary>
    public static NodeId Of(UpdateRequest request, in RequestedApp asked)
    {
        if (IsUsable(request[asked.MachineId], out var id)) return new NodeId(NodeIdSource.MachineId, id);
        if (IsUsable(request[request.UserId], out id)) return new NodeId(NodeIdSource.UserId, id);
        return IssuedCohort.TrySplit(request[asked.Cohort], out _, out id) ? new NodeId(NodeIdSource.Cohort, id) : default;
    }

    /// <summary>A node by an id that somebody typed.</summary>
    public static NodeId Of(ReadOnlySpan<byte> machineId) => IsUsable(machineId, out var id) ? new NodeId(NodeIdSource.MachineId, id) : default;

    /// <summary>Writes the id as it is hashed and returns its length.</summary>
    internal int WriteTo(Span<byte> destination)
    {
        for (var i = 0; i < _sent.Length; i++) destination[i] = _sent[i] is >= (byte)'A' and <= (byte)'Z' and var upper ? (byte)(upper | 0x20) : _sent[i];
        return _sent.Length;
    }

    private static bool IsUsable(ReadOnlySpan<byte> sent, out ReadOnlySpan<byte> id)
    {
        id = sent[System.Text.Ascii.Trim(sent)];
        return id.Length is > 0 and <= MaxBytes;
    }
}
