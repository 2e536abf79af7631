using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Omaha.Protocol;

/// <summary>What an <see cref="XmlCursor"/> stands on.</summary>
internal enum XmlNode
{
    None,
    StartElement,
    EndElement,
    Text,
}

/// <summary>
/// Walks forward over one XML 1.0 document with namespaces, in place and without allocating. Strict: what is not well-formed is refused,
/// and so is what goes beyond <see cref="RequestLimits"/>. It takes no document type, so nothing can be expanded or fetched.
/// </summary>
/// <remarks>
/// References are resolved and white space is normalised in the document's own bytes, since the result is never longer than what was sent.
/// Every byte is looked at a bounded number of times. Two lenities, because clients need them: white space may stand before the declaration,
/// and a C client's NUL after the root. One limit: names are ASCII.
/// </remarks>
internal ref struct XmlCursor
{
    private static readonly SearchValues<byte> DoubleQuotedStops = SearchValues.Create("\"<&\t\r\n"u8);
    private static readonly SearchValues<byte> SingleQuotedStops = SearchValues.Create("'<&\t\r\n"u8);
    private static readonly SearchValues<byte> TextStops = SearchValues.Create("<&]\r"u8);
    private static readonly SearchValues<byte> IllegalControls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);

    private readonly Span<byte> _xml;
    private int _at;
    private int _nodes;
    private bool _rootSeen;
    private bool _selfClosed;

    private int _openCount;
    private OpenElements _open;
    private int _attributeCount;
    private XmlAttribute.Table _attributes;
    private ulong _attributeNames;
    private bool _usesNamespaces;
    private XmlNamespaces _namespaces;
    private XmlName _name;

    public XmlCursor(Span<byte> document)
    {
        // White space and NULs can only stand after the root here; a document that ends inside something is malformed without them as well.
        _xml = document[..(document.LastIndexOfAnyExcept(" \t\r\n\0"u8) + 1)];
        Fault = ReadProlog();
    }

    /// <summary>Why the document is refused; <see cref="Read"/> then returns false for good.</summary>
    public Refusal Fault { get; private set; }

    public XmlNode Node { get; private set; }

    /// <summary>How deep the element lies that starts, ends or holds the text: 1 for the root.</summary>
    public int Depth { get; private set; }

    /// <summary>Namespace of the element that starts here, an id of <see cref="XmlNamespaces"/>.</summary>
    public int Namespace { get; private set; }

    /// <summary>Name of the element that starts here, without its prefix.</summary>
    public readonly ReadOnlySpan<byte> LocalName => _name.LocalIn(_xml);

    public readonly ReadOnlySpan<byte> NamespaceUri => _namespaces.UriOf(Namespace, _xml);

    /// <summary>The text here, up to the next markup: an element's text may come in several runs.</summary>
    public Utf8Range Text { get; private set; }

    /// <summary>Attributes of the element that starts here, in order, namespace declarations included.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<XmlAttribute> Attributes => _attributes[.._attributeCount];

    public readonly ReadOnlySpan<byte> LocalNameOf(in XmlAttribute attribute) => attribute.Name.LocalIn(_xml);

    public readonly ReadOnlySpan<byte> NamespaceUriOf(in XmlAttribute attribute) => _namespaces.UriOf(attribute.Namespace, _xml);

    public readonly ReadOnlySpan<byte> this[Utf8Range range] => _xml.Slice(range.Start, range.Length);

    /// <summary>Ends the walk: what the document says is refused by its reader.</summary>
    public void Stop(Refusal refusal) => Refuse(refusal);

    /// <summary>Moves to the next start tag, end tag or text. False after the end of the document and on a fault.</summary>
    public bool Read()
    {
        if (Fault != Refusal.None) return false;
        if (_selfClosed) return Close();

        while (true)
        {
            if (_openCount == 0) SkipWhitespace();
            if (_at == _xml.Length) return _openCount == 0 && _rootSeen ? End() : Refuse(Refusal.Malformed);
            if (_xml[_at] != '<') return ReadText();

            switch (_at + 1 < _xml.Length ? _xml[_at + 1] : 0)
            {
                case '/':
                    return ReadEndTag();
                case '?':
                    if (!SkipInstruction()) return false;
                    break;
                case '!' when Rest.StartsWith("<!--"u8):
                    if (!SkipComment()) return false;
                    break;
                case '!' when Rest.StartsWith("<![CDATA["u8):
                    return ReadCharacterData();
                case '!':
                    return Refuse(Rest.StartsWith("<!DOCTYPE"u8) ? Refusal.DocumentType : Refusal.Malformed);
                default:
                    return ReadStartTag();
            }
        }
    }

    /// <summary>
    /// Moves to the next child of the element at <paramref name="depth"/> that the cursor is in, over texts and over whatever is left of
    /// the child before. False at that element's end tag and on a fault.
    /// </summary>
    public bool ReadChild(int depth)
    {
        while (Read())
        {
            if (Node == XmlNode.StartElement && Depth == depth + 1) return true;
            if (Node == XmlNode.EndElement && Depth == depth) return false;
        }

        return false;
    }

    private readonly Span<byte> Rest => _xml[_at..];

    private Refusal ReadProlog()
    {
        if (_xml.StartsWith("\uFEFF"u8)) _at = 3;
        SkipWhitespace();
        if (_at == _xml.Length) return Refusal.EmptyBody;

        // A body of another encoding is not UTF-8 either, UTF-16 by its byte order mark at the latest.
        if (!Ascii.IsValid(_xml))
        {
            if (!Utf8.IsValid(_xml)) return Refusal.UnsupportedEncoding;
            if (_xml.IndexOf("\uFFFE"u8) >= 0 || _xml.IndexOf("\uFFFF"u8) >= 0) return Refusal.Malformed;
        }

        // One search for the whole document is what keeps every other search here from having to know the characters XML forbids.
        if (_xml.ContainsAny(IllegalControls)) return Refusal.Malformed;

        var refusal = XmlDeclaration.Read(Rest, out var length);
        _at += length;
        return refusal;
    }

    private bool ReadStartTag()
    {
        if (_openCount == 0 && _rootSeen) return Refuse(Refusal.Malformed);
        if (_openCount == RequestLimits.Depth) return Refuse(Refusal.TooDeep);
        if (!CountNode()) return false;

        _at++;
        if (!TryReadName(out _name)) return false;
        _attributeCount = 0;
        _attributeNames = 0;
        _usesNamespaces = _name.HasPrefix;
        if (!ReadAttributes()) return false;

        _open[_openCount++] = new OpenElement { Name = _name, NamespaceCount = _namespaces.Count };
        if (!Bind()) return false;

        _rootSeen = true;
        Node = XmlNode.StartElement;
        Depth = _openCount;
        return true;
    }

    /// <summary>Reads up to and with the end of the start tag.</summary>
    private bool ReadAttributes()
    {
        while (true)
        {
            var separated = SkipWhitespace();
            switch (_at < _xml.Length ? _xml[_at] : 0)
            {
                case '>':
                    _at++;
                    return true;
                case '/' when Rest.StartsWith("/>"u8):
                    _at += 2;
                    _selfClosed = true;
                    return true;
                case '/' or '<' or 0:
                    return Refuse(Refusal.Malformed);
            }

            // What goes on right behind a value shows that its quote was not the closing one.
            if (!separated) return Refuse(_attributeCount > 0 ? Refusal.UnescapedQuote : Refusal.Malformed);
            if (!ReadAttribute()) return false;
        }
    }

    private bool ReadAttribute()
    {
        if (_attributeCount == RequestLimits.AttributesPerElement) return Refuse(Refusal.TooManyAttributes);
        if (!TryReadName(out var name)) return false;

        SkipWhitespace();
        if (_at == _xml.Length || _xml[_at] != '=')
        {
            var quoteIsOver = _attributeCount > 0 && _at < _xml.Length && _xml[_at] is (byte)'"' or (byte)'\'';
            return Refuse(quoteIsOver ? Refusal.UnescapedQuote : Refusal.Malformed);
        }

        _at++;
        SkipWhitespace();
        if (IsRepeated(name)) return Refuse(Refusal.DuplicateAttribute);
        if (!TryReadValue(out var value)) return false;

        _usesNamespaces |= name.HasPrefix || (name.Length == 5 && XmlNamespaces.IsDeclaration(name, _xml));
        _attributes[_attributeCount++] = new XmlAttribute { Name = name, Value = value };
        return true;
    }

    /// <summary>Whether the start tag has that attribute already. A 64 bit sketch of the names so far makes the usual answer, no, cheap.</summary>
    private bool IsRepeated(XmlName name)
    {
        var text = name.In(_xml);
        var sketch = 1UL << ((text[0] * 3) + (text[^1] * 7) + text.Length);
        var met = (_attributeNames & sketch) != 0;
        _attributeNames |= sketch;
        if (!met) return false;

        foreach (ref readonly var attribute in Attributes)
        {
            if (text.SequenceEqual(attribute.Name.In(_xml))) return true;
        }

        return false;
    }

    private bool TryReadValue(out Utf8Range value)
    {
        value = default;
        if (_at == _xml.Length || _xml[_at] is not ((byte)'"' or (byte)'\'')) return Refuse(Refusal.Malformed);

        var quote = _xml[_at++];
        var start = _at;
        var stops = quote == '"' ? DoubleQuotedStops : SingleQuotedStops;
        var length = Rest.IndexOfAny(stops);
        if (length >= 0 && _xml[start + length] == quote) _at += length + 1;
        else if (!TryNormaliseValue(quote, stops, out length)) return false;

        if (_at - start > RequestLimits.ValueBytes + 1) return Refuse(Refusal.ValueTooLong);
        value = new Utf8Range(start, length);
        return true;
    }

    /// <summary>Reads a value up to and with its closing quote, moving the bytes together over what references and line ends shrink by.</summary>
    private bool TryNormaliseValue(byte quote, SearchValues<byte> stops, out int length)
    {
        var start = _at;
        var end = start;
        length = 0;
        while (MoveRun(stops, ref end))
        {
            var stop = _xml[_at];
            if (stop == quote)
            {
                _at++;
                length = end - start;
                return true;
            }

            if (stop == '<') break;
            if (stop == '&')
            {
                if (!ResolveReference(ref end)) break;
                continue;
            }

            // XML 1.0, sections 2.11 and 3.3.3: a line end is one line feed, and that and a tab are a space each.
            SkipLineEndOrOne();
            _xml[end++] = (byte)' ';
        }

        return Refuse(Refusal.Malformed);
    }

    private bool ReadText()
    {
        if (_openCount == 0) return Refuse(Refusal.Malformed);
        if (!CountNode()) return false;

        var start = _at;
        var end = start;
        while (MoveRun(TextStops, ref end) && _xml[_at] != '<')
        {
            switch (_xml[_at])
            {
                case (byte)'&':
                    if (!ResolveReference(ref end)) return Refuse(Refusal.Malformed);
                    break;
                case (byte)']':
                    if (Rest.StartsWith("]]>"u8)) return Refuse(Refusal.Malformed);
                    _at++;
                    _xml[end++] = (byte)']';
                    break;
                default:
                    SkipLineEndOrOne();
                    _xml[end++] = (byte)'\n';
                    break;
            }
        }

        return StandOnText(start, end);
    }

    private bool ReadCharacterData()
    {
        if (_openCount == 0) return Refuse(Refusal.Malformed);
        if (!CountNode()) return false;

        _at += "<![CDATA[".Length;
        var length = Rest.IndexOf("]]>"u8);
        if (length < 0) return Refuse(Refusal.Malformed);

        var start = _at;
        var end = start;
        var limit = start + length;
        while (_at < limit)
        {
            var run = _xml[_at..limit].IndexOf((byte)'\r');
            if (run < 0) run = limit - _at;
            _xml.Slice(_at, run).CopyTo(_xml[end..]);
            _at += run;
            end += run;
            if (_at == limit) break;

            SkipLineEndOrOne();
            _xml[end++] = (byte)'\n';
        }

        _at = limit + "]]>".Length;
        return StandOnText(start, end);
    }

    private bool StandOnText(int start, int end)
    {
        Node = XmlNode.Text;
        Depth = _openCount;
        Text = new Utf8Range(start, end - start);
        return true;
    }

    private bool ReadEndTag()
    {
        if (_openCount == 0) return Refuse(Refusal.Malformed);

        _at += "</".Length;
        var name = _open[_openCount - 1].Name.In(_xml);
        if (!Rest.StartsWith(name)) return Refuse(Refusal.Malformed);

        _at += name.Length;
        SkipWhitespace();
        if (_at == _xml.Length || _xml[_at] != '>') return Refuse(Refusal.Malformed);
        _at++;
        return Close();
    }

    private bool Close()
    {
        _selfClosed = false;
        Node = XmlNode.EndElement;
        Depth = _openCount;
        _namespaces.Count = _open[--_openCount].NamespaceCount;
        return true;
    }

    private bool SkipComment()
    {
        if (!CountNode()) return false;
        _at += "<!--".Length;
        var length = Rest.IndexOf("--"u8);
        if (length < 0 || !_xml[(_at + length)..].StartsWith("-->"u8)) return Refuse(Refusal.Malformed);
        _at += length + "-->".Length;
        return true;
    }

    private bool SkipInstruction()
    {
        if (!CountNode()) return false;
        _at += "<?".Length;
        var target = Rest[..XmlName.Measure(Rest)];
        if (target.IsEmpty || Ascii.EqualsIgnoreCase(target, "xml"u8)) return Refuse(Refusal.Malformed);

        _at += target.Length;
        if (!Rest.StartsWith("?>"u8) && !SkipWhitespace()) return Refuse(Refusal.Malformed);
        var length = Rest.IndexOf("?>"u8);
        if (length < 0) return Refuse(Refusal.Malformed);
        _at += length + "?>".Length;
        return true;
    }

    /// <summary>Applies the declarations of a start tag, then finds the namespaces of its names: a declaration may stand after its use.</summary>
    private bool Bind()
    {
        if (!_usesNamespaces)
        {
            Namespace = XmlNamespaces.None;
            return _namespaces.Count == 0 || BindElement();
        }

        var attributes = _attributes[.._attributeCount];
        foreach (ref var attribute in attributes)
        {
            if (!XmlNamespaces.IsDeclaration(attribute.Name, _xml)) continue;
            attribute.Namespace = XmlNamespaces.Xmlns;
            var refusal = _namespaces.Declare(attribute.Name, attribute.Value, _xml);
            if (refusal != Refusal.None) return Refuse(refusal);
        }

        for (var i = 0; i < attributes.Length; i++)
        {
            ref var attribute = ref attributes[i];
            if (attribute.Namespace == XmlNamespaces.Xmlns || !attribute.Name.HasPrefix) continue;
            if (!_namespaces.TryResolve(attribute.Name.PrefixIn(_xml), _xml, out attribute.Namespace)) return Refuse(Refusal.BadNamespace);

            foreach (ref readonly var other in attributes[..i])
            {
                if (other.Namespace == attribute.Namespace && other.Name.LocalIn(_xml).SequenceEqual(attribute.Name.LocalIn(_xml)))
                {
                    return Refuse(Refusal.DuplicateAttribute);
                }
            }
        }

        return BindElement();
    }

    private bool BindElement()
    {
        if (!_namespaces.TryResolve(_name.PrefixIn(_xml), _xml, out var id)) return Refuse(Refusal.BadNamespace);
        Namespace = id;
        return true;
    }

    /// <summary>Takes a name with at most one colon in it.</summary>
    private bool TryReadName(out XmlName name)
    {
        var prefix = 0;
        var length = XmlName.Measure(Rest);
        if (length > 0 && _at + length < _xml.Length && _xml[_at + length] == ':')
        {
            prefix = length;
            var local = XmlName.Measure(_xml[(_at + length + 1)..]);
            length = local == 0 ? 0 : length + 1 + local;
        }

        name = new XmlName(_at, prefix, length);
        _at += length;
        if (length == 0) return Refuse(Refusal.Malformed);
        return length <= RequestLimits.ValueBytes || Refuse(Refusal.ValueTooLong);
    }

    /// <summary>Moves the bytes before the next stop to <paramref name="end"/>. False when there is no stop in the rest of the document.</summary>
    private bool MoveRun(SearchValues<byte> stops, ref int end)
    {
        var length = Rest.IndexOfAny(stops);
        if (length < 0)
        {
            _at = _xml.Length;
            return false;
        }

        if (end != _at) _xml.Slice(_at, length).CopyTo(_xml[end..]);
        _at += length;
        end += length;
        return true;
    }

    private bool ResolveReference(ref int end)
    {
        var length = XmlReference.Resolve(Rest, _xml[end..], out var written);
        _at += length;
        end += written;
        return length > 0;
    }

    /// <summary>Skips one byte, or two for a carriage return with its line feed.</summary>
    private void SkipLineEndOrOne() => _at += Rest.StartsWith("\r\n"u8) ? 2 : 1;

    private bool SkipWhitespace()
    {
        var xml = _xml;
        var start = _at;
        var at = start;
        while (at < xml.Length && xml[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
        _at = at;
        return at > start;
    }

    private bool CountNode() => ++_nodes <= RequestLimits.Nodes || Refuse(Refusal.TooManyNodes);

    private bool End()
    {
        Node = XmlNode.None;
        return false;
    }

    private bool Refuse(Refusal refusal)
    {
        Fault = refusal;
        return End();
    }

    private struct OpenElement
    {
        public XmlName Name;
        public int NamespaceCount;
    }

    [InlineArray(RequestLimits.Depth)]
    private struct OpenElements
    {
        private OpenElement _first;
    }
}
