using System.Globalization;
using System.Text;

namespace Omaha.Protocol;

/// <summary>Text of ours on its way into a reply.</summary>
public static class XmlText
{
    /// <summary>Escapes for attribute values and text; characters that XML 1.0 forbids, and lone surrogates, are dropped.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '"': escaped.Append("&quot;"); break;
                case '\t' or '\n' or '\r': escaped.Append(CultureInfo.InvariantCulture, $"&#{(int)c};"); break;
                case < ' ' or '\uFFFE' or '\uFFFF': break;
                case var high when char.IsHighSurrogate(high) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]):
                    escaped.Append(high).Append(text[++i]);
                    break;
                case var lone when char.IsSurrogate(lone): break;
                default: escaped.Append(c); break;
            }
        }

        return escaped.ToString();
    }
}
