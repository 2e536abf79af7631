using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>Holds our reading of a document against the oracle's.</summary>
internal static class Agreement
{
    [ThreadStatic]
    private static UpdateRequest? s_request;

    /// <summary>Fails with both readings when they differ beyond <see cref="OracleLimits"/>.</summary>
    public static void Check(byte[] body)
    {
        var request = s_request ??= new UpdateRequest();
        request.Load(body);
        var refusal = XmlRequestReader.Read(request);
        var document = Oracle.Parse(body);

        if (document is null)
        {
            if (refusal is Refusal.None or Refusal.WrongRoot or Refusal.UnsupportedProtocol && !OracleLimits.MayAccept(body)) Fail(body, $"{refusal}, but XmlReader refuses it");
            return;
        }

        var expected = Oracle.RefusalOf(document);
        if (refusal != expected)
        {
            if (!OracleLimits.MayRefuse(document, body, refusal)) Fail(body, $"{refusal} in place of {expected}");
            return;
        }

        if (refusal == Refusal.None && Reading.Describe(request) != Oracle.Describe(document))
        {
            Fail(body, $"read as\n{Reading.Describe(request)}\nin place of\n{Oracle.Describe(document)}");
        }

        var flat = Flatten(body);
        if (refusal is Refusal.None or Refusal.WrongRoot or Refusal.UnsupportedProtocol && flat != Oracle.Flatten(document))
        {
            Fail(body, $"walked as\n{flat}\nin place of\n{Oracle.Flatten(document)}");
        }
    }

    private static void Fail(byte[] body, string how) => Assert.Fail($"{Encoding.UTF8.GetString(body)}\n{how}\n{Convert.ToBase64String(body)}");

    /// <summary>The cursor's walk in the form of <see cref="Oracle.Flatten"/>.</summary>
    private static string Flatten(byte[] body)
    {
        var request = s_request!;
        request.Load(body);
        var xml = new XmlCursor(request.Body, request.XmlTables);

        // Texts are known at the end of their element only, after all of its children: elements are kept in the order of their start.
        var elements = new List<(int Depth, Description Lines, StringBuilder Text)>();
        var open = new Stack<int>();
        while (xml.Read())
        {
            switch (xml.Node)
            {
                case XmlNode.StartElement:
                    var lines = new Description();
                    var indent = new string(' ', xml.Depth);
                    lines.Add(indent + "element", $"{{{Encoding.UTF8.GetString(xml.NamespaceUri)}}}{Encoding.UTF8.GetString(xml.LocalName)}");
                    foreach (ref readonly var attribute in xml.Attributes)
                    {
                        var space = Encoding.UTF8.GetString(xml.NamespaceUriOf(attribute));
                        lines.Add(indent + $"{{{space}}}{Encoding.UTF8.GetString(xml.LocalNameOf(attribute))}", Encoding.UTF8.GetString(xml[attribute.Value]));
                    }

                    open.Push(elements.Count);
                    elements.Add((xml.Depth, lines, new StringBuilder()));
                    break;
                case XmlNode.Text:
                    elements[open.Peek()].Text.Append(Encoding.UTF8.GetString(xml[xml.Text]));
                    break;
                case XmlNode.EndElement:
                    Assert.Equal(elements[open.Pop()].Depth, xml.Depth);
                    break;
            }
        }

        var flat = new StringBuilder();
        foreach (var (depth, lines, text) in elements) flat.Append(lines).Append(new string(' ', depth)).Append("text = ").Append(text).Append('\n');
        return flat.ToString();
    }
}
