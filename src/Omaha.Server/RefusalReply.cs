using System.Text;
using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>The one place that says how each refusal looks on the wire: a status and a short text, ready as bytes.</summary>
internal static class RefusalReply
{
    private static readonly (int Status, ReadOnlyMemory<byte> Text)[] Replies =
        [.. Enum.GetValues<Refusal>().Select(static refusal => (Status(refusal), (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{refusal}: {Explain(refusal)}\n")))];

    public static (int Status, ReadOnlyMemory<byte> Text) For(Refusal refusal) => Replies[(int)refusal];

    private static int Status(Refusal refusal) => refusal switch
    {
        Refusal.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        Refusal.NoCatalog or Refusal.Stopping => StatusCodes.Status503ServiceUnavailable,
        Refusal.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        _ => StatusCodes.Status400BadRequest,
    };

    private static string Explain(Refusal refusal) => refusal switch
    {
        Refusal.None => "the request is answered.",
        Refusal.EmptyBody => "the body is empty; send an Omaha request in XML.",
        Refusal.BodyTooLarge => $"the body has more than {RequestLimits.BodyBytes} bytes.",
        Refusal.BodyIncomplete => "the body ended early.",
        Refusal.UnsupportedEncoding => "the body must be UTF-8, and its declaration must not say otherwise.",
        Refusal.Malformed => "the body is not well-formed XML 1.0.",
        Refusal.UnescapedQuote => "a quote inside an attribute value must be written as &quot;.",
        Refusal.DocumentType => "document type declarations are not accepted.",
        Refusal.DuplicateAttribute => "an element has the same attribute twice.",
        Refusal.BadNamespace => "a namespace prefix is not declared, or a declaration is not allowed.",
        Refusal.WrongRoot => "the root element must be request.",
        Refusal.UnsupportedProtocol => "the request's protocol must be 3.0 or 3.1.",
        Refusal.TooDeep => $"elements are nested deeper than {RequestLimits.Depth}.",
        Refusal.TooManyAttributes => $"an element has more than {RequestLimits.AttributesPerElement} attributes.",
        Refusal.ValueTooLong => $"a name or a value is longer than {RequestLimits.ValueBytes} bytes.",
        Refusal.TooManyApps => $"the request has more than {RequestLimits.Apps} apps.",
        Refusal.TooManyEvents => $"an app has more than {RequestLimits.EventsPerApp} events.",
        Refusal.TooManyNodes => $"the document has more than {RequestLimits.Nodes} nodes, or too many data elements or namespaces.",
        Refusal.UnsupportedMediaType => "the content type or encoding cannot be XML as it is; send text/xml without content encoding.",
        Refusal.JsonBody => "this path takes XML; the content type says JSON.",
        Refusal.NoCatalog => "the server has no catalogue yet; ask again later, or ask another server.",
        Refusal.Stopping => "the server stops; ask again later, or ask another server.",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
