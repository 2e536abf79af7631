using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>
/// The apps of a ChromeOS request that belong together: a lead app and its parts, whose ids are the lead's followed by an underscore and a
/// name (downloadable content, miniOS).
/// </summary>
/// <remarks>
/// The client stops at a lead that has no update and rejects a reply with an error for any app, so a part is offered only together with its
/// lead, and an unknown app beside a lead gets no update instead of an error. A lead that does not ask for an update only accompanies the installation of
/// a part and holds nothing back.
/// </remarks>
internal readonly ref struct AppBundle
{
    private readonly ReadOnlySpan<byte> _lead;

    private AppBundle(ReadOnlySpan<byte> lead) => _lead = lead;

    /// <summary>The bundle of a request; its lead is the first app, which is where ChromeOS puts it. Requests of other clients have none.</summary>
    public static AppBundle Of(UpdateRequest request, ClientKind client) =>
        client == ClientKind.ChromeOs && request.Apps.Length > 1 ? new AppBundle(request[request.Apps[0].Id].Trim((byte)' ')) : default;

    /// <summary>Whether the request has a lead with others beside it.</summary>
    public bool Exists => !_lead.IsEmpty;

    /// <summary>Whether an id is that of the lead of a bundle.</summary>
    public bool IsLead(ReadOnlySpan<byte> id) => !_lead.IsEmpty && id.Trim((byte)' ').SequenceEqual(_lead);

    /// <summary>Whether an id is that of a part of the bundle.</summary>
    public bool HasPart(ReadOnlySpan<byte> id)
    {
        id = id.TrimStart((byte)' ');
        return !_lead.IsEmpty && id.Length > _lead.Length + 1 && id[_lead.Length] == (byte)'_' && System.Text.Ascii.EqualsIgnoreCase(id[.._lead.Length], _lead);
    }
}
