namespace Omaha.Protocol;

/// <summary>
/// The namespace declarations in force. A namespace is known by a small id, equal for equal URIs while their declarations are in force,
/// so that "is this element in the namespace of the root" is one comparison.
/// </summary>
internal sealed class XmlNamespaces
{
    /// <summary>No namespace.</summary>
    public const int None = 0;

    /// <summary>The namespace that the prefix <c>xml</c> always has.</summary>
    public const int Xml = 1;

    /// <summary>The namespace of the declarations themselves.</summary>
    public const int Xmlns = 2;

    private const int FirstDeclared = 3;

    private readonly Declaration[] _declarations = new Declaration[RequestLimits.NamespaceDeclarations];

    /// <summary>How many are in force: remembered at a start tag and given back at its end tag.</summary>
    public int Count { get; set; }

    private static ReadOnlySpan<byte> XmlUri => "http://www.w3.org/XML/1998/namespace"u8;

    private static ReadOnlySpan<byte> XmlnsUri => "http://www.w3.org/2000/xmlns/"u8;

    public static bool IsDeclaration(XmlName name, ReadOnlySpan<byte> xml) =>
        (name.HasPrefix ? name.PrefixIn(xml) : name.In(xml)).SequenceEqual("xmlns"u8);

    /// <summary>Takes a declaration, <c>xmlns="uri"</c> or <c>xmlns:prefix="uri"</c>.</summary>
    public Refusal Declare(XmlName name, Utf8Range value, ReadOnlySpan<byte> xml)
    {
        var local = name.LocalIn(xml);
        var prefix = name.HasPrefix ? new Utf8Range(name.Start + name.PrefixLength + 1, local.Length) : default;
        var uri = xml.Slice(value.Start, value.Length);

        // Namespaces in XML 1.0, section 3: xml may be declared as what it is, nothing else may stand for either reserved name or URI.
        if (uri.SequenceEqual(XmlUri)) return name.HasPrefix && local.SequenceEqual("xml"u8) ? Refusal.None : Refusal.BadNamespace;
        if (uri.SequenceEqual(XmlnsUri)) return Refusal.BadNamespace;
        if (name.HasPrefix && (uri.IsEmpty || local.SequenceEqual("xml"u8) || local.SequenceEqual("xmlns"u8))) return Refusal.BadNamespace;
        if (Count == RequestLimits.NamespaceDeclarations) return Refusal.TooManyNodes;

        _declarations[Count] = new Declaration { Prefix = prefix, Uri = value, Id = IdOf(uri, xml) };
        Count++;
        return Refusal.None;
    }

    /// <summary>The namespace of an element or attribute with that prefix; the empty prefix asks for the default namespace.</summary>
    public bool TryResolve(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> xml, out int id)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            ref readonly var declaration = ref _declarations[i];
            if (!prefix.SequenceEqual(xml.Slice(declaration.Prefix.Start, declaration.Prefix.Length))) continue;
            id = declaration.Id;
            return true;
        }

        id = prefix.IsEmpty ? None : Xml;
        return prefix.IsEmpty || prefix.SequenceEqual("xml"u8);
    }

    public ReadOnlySpan<byte> UriOf(int id, ReadOnlySpan<byte> xml)
    {
        if (id < FirstDeclared) return id switch { Xml => XmlUri, Xmlns => XmlnsUri, _ => default };
        var uri = _declarations[id - FirstDeclared].Uri;
        return xml.Slice(uri.Start, uri.Length);
    }

    private int IdOf(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> xml)
    {
        if (uri.IsEmpty) return None;
        for (var i = 0; i < Count; i++)
        {
            var known = _declarations[i].Uri;
            if (uri.SequenceEqual(xml.Slice(known.Start, known.Length))) return FirstDeclared + i;
        }

        return FirstDeclared + Count;
    }

    private struct Declaration
    {
        public Utf8Range Prefix;
        public Utf8Range Uri;
        public int Id;
    }
}
