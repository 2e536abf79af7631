using System.Globalization;
using System.Text;

namespace Omaha.Load;

/// <summary>One kind of request: head and body as they are sent, with the places where ids go. Ids have a fixed length, so the length of a request is known ahead.</summary>
internal sealed class RequestTemplate
{
    /// <summary>Most bytes of a body file.</summary>
    public const int MostBytes = 1024 * 1024;

    private readonly byte[] _bytes;
    private readonly int[] _machineIds;
    private readonly int[] _appIds;

    private RequestTemplate(string name, int bodyBytes, byte[] bytes, int[] machineIds, int[] appIds) =>
        (Name, BodyBytes, _bytes, _machineIds, _appIds) = (name, bodyBytes, bytes, machineIds, appIds);

    /// <summary>Where it came from, for people.</summary>
    public string Name { get; }

    public int BodyBytes { get; }

    public int Length => _bytes.Length;

    /// <summary>Whether it differs from request to request.</summary>
    public bool HasIds => _machineIds.Length > 0 || _appIds.Length > 0;

    /// <summary>Makes a request of a body.</summary>
    /// <param name="name">Where the body came from.</param>
    /// <param name="body">The body, with <c>{machineid}</c> and <c>{appid}</c> where ids go; any other brace stands for itself.</param>
    /// <param name="url">What is asked.</param>
    /// <param name="headers">Further lines of the head.</param>
    /// <param name="closes">Whether each request has a connection of its own, and says so.</param>
    public static RequestTemplate From(string name, ReadOnlySpan<byte> body, Uri url, IReadOnlyList<string> headers, bool closes)
    {
        var filled = new MemoryStream();
        List<int> machineIds = [], appIds = [];
        while (!body.IsEmpty)
        {
            if (body.StartsWith("{machineid}"u8)) body = Reserve(filled, machineIds, Nodes.IdLength, body["{machineid}".Length..]);
            else if (body.StartsWith("{appid}"u8)) body = Reserve(filled, appIds, SeededApps.IdLength, body["{appid}".Length..]);
            else
            {
                filled.WriteByte(body[0]);
                body = body[1..];
            }
        }

        var head = new StringBuilder()
            .Append("POST ").Append(url.PathAndQuery).Append(" HTTP/1.1\r\nHost: ").Append(url.Authority).Append("\r\n");
        if (!headers.Any(static line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))) head.Append("Content-Type: text/xml\r\n");
        foreach (var line in headers) head.Append(line).Append("\r\n");
        if (closes) head.Append("Connection: close\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {filled.Length}\r\n\r\n");

        byte[] bytes = [.. Encoding.ASCII.GetBytes(head.ToString()), .. filled.ToArray()];
        var start = head.Length;
        return new RequestTemplate(name, (int)filled.Length, bytes, [.. machineIds.Select(at => at + start)], [.. appIds.Select(at => at + start)]);
    }

    /// <summary>The bytes of a request. A template without ids is sent as it is; otherwise the request is put together in a buffer.</summary>
    /// <param name="node">Whose id it carries.</param>
    /// <param name="apps">How many apps there are to choose from, each time anew.</param>
    /// <param name="random">Chooses them.</param>
    /// <param name="buffer">At least <see cref="Length"/> bytes where there are ids.</param>
    public ReadOnlyMemory<byte> Render(long node, int apps, Random random, byte[] buffer)
    {
        if (!HasIds) return _bytes;
        _bytes.CopyTo(buffer, 0);
        foreach (var at in _machineIds) Nodes.WriteId(node, buffer.AsSpan(at));
        foreach (var at in _appIds) SeededApps.WriteId(random.Next(apps), buffer.AsSpan(at));
        return buffer.AsMemory(0, _bytes.Length);
    }

    private static ReadOnlySpan<byte> Reserve(MemoryStream filled, List<int> places, int length, ReadOnlySpan<byte> rest)
    {
        places.Add((int)filled.Length);
        filled.Write(new byte[length]);
        return rest;
    }
}
