using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Omaha.Protocol;

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

    private readonly Span<byte> _xml;
    private int _at;
    private int _nodes;
    private bool _rootSeen;
    private bool _selfClosed;

    private int _openCount;
    private readonly OpenElement[] _open;
    private readonly XmlAttributes _attributes;
    private readonly XmlNamespaces _namespaces;
    private readonly XmlIndex _index;
    private XmlName _name;

    public XmlCursor(Span<byte> document, Tables tables)
    {
        _open = tables.Open;
        _attributes = tables.Attributes;
        _namespaces = tables.Namespaces;
        _namespaces.Count = 0;
        _index = tables.Index;

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
    public readonly ReadOnlySpan<XmlAttribute> Attributes => _attributes.Taken;

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
            if (_openCount == 0) _at = AfterWhitespace(_at);
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
        if (_xml.IsEmpty) return Refusal.EmptyBody;

        // One pass over the whole document is what keeps every search here from having to know the characters XML forbids.
        if (_index.Fill(_xml) is not Refusal.None and var illegal) return illegal;

        _at = AfterWhitespace(_xml.StartsWith("\uFEFF"u8) ? 3 : 0);
        if (_at == _xml.Length) return Refusal.EmptyBody;

        var refusal = XmlDeclaration.Read(Rest, out var length);
        _at += length;
        return refusal;
    }

    private bool ReadStartTag()
    {
        if (_openCount == 0 && _rootSeen) return Refuse(Refusal.Malformed);
        if (_openCount == RequestLimits.Depth) return Refuse(Refusal.TooDeep);
        if (!CountNode()) return false;

        _name = MeasureName(_at + 1);
        if (_name.Length == 0) return Refuse(Refusal.Malformed);
        if (_name.Length > RequestLimits.ValueBytes) return Refuse(Refusal.ValueTooLong);
        _attributes.Clear();
        if (!ReadAttributes(_name.Start + _name.Length)) return false;

        ref var open = ref _open[_openCount++];
        open.NameStart = _name.Start;
        open.NameLength = _name.Length;
        open.NamespaceCount = _namespaces.Count;
        if (!Bind()) return false;

        _rootSeen = true;
        Node = XmlNode.StartElement;
        Depth = _openCount;
        return true;
    }

    /// <summary>Reads the attributes and the end of a start tag. Half the time of a request goes by here.</summary>
    private bool ReadAttributes(int at)
    {
        ReadOnlySpan<byte> xml = _xml;
        var attributes = _attributes;
        var marks = _index.From(at);
        while (true)
        {
            var before = at;
            at = AfterWhitespace(xml, at);
            if (at >= xml.Length || !XmlScan.BeginsName(xml[at])) return EndStartTag(at, before);

            // What goes on right behind a value shows that its quote was not the closing one.
            if (at == before) return Refuse(attributes.Count > 0 ? Refusal.UnescapedQuote : Refusal.Malformed);
            if (attributes.IsFull) return Refuse(Refusal.TooManyAttributes);

            // What nearly every client writes is name="value".
            var end = at + XmlScan.NameCharacters(xml, at);
            var opening = marks.Next();
            var closing = marks.Next();
            if (end + 1 == opening && closing < xml.Length && xml[end] == '=' && xml[opening] == '"' && xml[closing] == '"' && closing - at <= RequestLimits.ValueBytes)
            {
                if (!attributes.TryAdd(xml, new XmlName(at, 0, end - at), new Utf8Range(opening + 1, closing - opening - 1))) return Refuse(Refusal.DuplicateAttribute);
                at = closing + 1;
                continue;
            }

            at = ReadUnusualAttribute(at, end);
            if (at < 0) return false;
            marks = _index.From(at);
        }
    }

    private bool EndStartTag(int at, int before)
    {
        switch (at < _xml.Length ? _xml[at] : 0)
        {
            case '>':
                _at = at + 1;
                return true;
            case '/' when at + 1 < _xml.Length && _xml[at + 1] == '>':
                _at = at + 2;
                _selfClosed = true;
                return true;
            case '/' or '<' or 0:
                return Refuse(Refusal.Malformed);
            default:
                return Refuse(at == before && _attributes.Count > 0 ? Refusal.UnescapedQuote : Refusal.Malformed);
        }
    }

    /// <summary>Reads an attribute with a prefix, white space around its equals sign, single quotes, or a value that is not what it stands for. Returns where it ends, less than 0 on a fault.</summary>
    private int ReadUnusualAttribute(int start, int end)
    {
        var name = new XmlName(start, 0, end - start);
        if (end < _xml.Length && _xml[end] == ':') name = MeasurePrefixedName(start, end - start);
        if (name.Length == 0) return Fail(Refusal.Malformed);
        if (name.Length > RequestLimits.ValueBytes) return Fail(Refusal.ValueTooLong);

        var at = FindQuote(name.Start + name.Length);
        if (at < 0) return at;

        var value = at + 1;
        var length = NormaliseValue(value, _xml[at]);
        if (length < 0) return length;
        if (_at - value > RequestLimits.ValueBytes + 1) return Fail(Refusal.ValueTooLong);
        return _attributes.TryAdd(_xml, name, new Utf8Range(value, length)) ? _at : Fail(Refusal.DuplicateAttribute);
    }

    /// <summary>Takes the equals sign with the white space it may have, and returns where the value's quote stands.</summary>
    private int FindQuote(int at)
    {
        at = AfterWhitespace(at);
        var next = at < _xml.Length ? _xml[at] : 0;

        // An attribute without a value is one more trace of a quote within the value before it.
        if (next is '"' or '\'' && _attributes.Count > 0) return Fail(Refusal.UnescapedQuote);
        if (next != '=') return Fail(Refusal.Malformed);

        at = AfterWhitespace(at + 1);
        return at < _xml.Length && _xml[at] is (byte)'"' or (byte)'\'' ? at : Fail(Refusal.Malformed);
    }

    /// <summary>
    /// Reads a value up to and with its closing quote, moving the bytes together over what references and line ends shrink by.
    /// Returns the new length; less than 0 when the value is malformed.
    /// </summary>
    private int NormaliseValue(int start, byte quote)
    {
        var stops = quote == '"' ? DoubleQuotedStops : SingleQuotedStops;
        var end = start;
        _at = start;
        while (MoveRun(stops, ref end))
        {
            var stop = _xml[_at];
            if (stop == quote)
            {
                _at++;
                return end - start;
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

        return Fail(Refusal.Malformed);
    }

    private bool ReadText()
    {
        if (_openCount == 0) return Refuse(Refusal.Malformed);
        if (!CountNode()) return false;

        // Most text is the white space between elements.
        var start = _at;
        var end = XmlScan.AfterBlanks(_xml, start);
        if (end == _xml.Length || _xml[end] != '<') return ReadOtherText();
        _at = end;
        return StandOnText(start, end);
    }

    private bool ReadOtherText()
    {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        ref readonly var open = ref _open[_openCount - 1];
        var name = _xml.Slice(open.NameStart, open.NameLength);
        if (!Rest.StartsWith(name)) return Refuse(Refusal.Malformed);

        _at = AfterWhitespace(_at + name.Length);
        if (_at == _xml.Length || _xml[_at] != '>') return Refuse(Refusal.Malformed);
        _at++;
        return Close();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        var target = Rest[..XmlScan.Name(_xml, _at)];
        if (target.IsEmpty || Ascii.EqualsIgnoreCase(target, "xml"u8)) return Refuse(Refusal.Malformed);

        _at += target.Length;
        if (!Rest.StartsWith("?>"u8) && AfterWhitespace(_at) == _at) return Refuse(Refusal.Malformed);
        var length = Rest.IndexOf("?>"u8);
        if (length < 0) return Refuse(Refusal.Malformed);
        _at += length + "?>".Length;
        return true;
    }

    /// <summary>Applies the declarations of a start tag, then finds the namespaces of its names: a declaration may stand after its use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Bind()
    {
        Namespace = XmlNamespaces.None;
        if (_attributes.UseNamespaces || _name.HasPrefix) return BindAll();
        return _namespaces.Count == 0 || BindElement();
    }

    private bool BindAll()
    {
        var attributes = _attributes.Taken;
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

    /// <summary>The name at a position, with at most one colon in it; its length is 0 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly XmlName MeasureName(int at)
    {
        var length = XmlScan.Name(_xml, at);
        return length > 0 && at + length < _xml.Length && _xml[at + length] == ':' ? MeasurePrefixedName(at, length) : new XmlName(at, 0, length);
    }

    private readonly XmlName MeasurePrefixedName(int at, int prefix)
    {
        var local = XmlScan.Name(_xml, at + prefix + 1);
        return local == 0 ? default : new XmlName(at, prefix, prefix + 1 + local);
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

    /// <summary>The other characters up to the space have been refused with the document, and this is the most frequent test of all.</summary>
    private readonly int AfterWhitespace(int at) => AfterWhitespace(_xml, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AfterWhitespace(ReadOnlySpan<byte> xml, int at)
    {
        while ((uint)at < (uint)xml.Length && xml[at] <= ' ') at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool CountNode() => ++_nodes <= RequestLimits.Nodes || Refuse(Refusal.TooManyNodes);

    private bool End()
    {
        Node = XmlNode.None;
        return false;
    }

    private int Fail(Refusal refusal)
    {
        Refuse(refusal);
        return -1;
    }

    private bool Refuse(Refusal refusal)
    {
        Fault = refusal;
        return End();
    }

    /// <summary>The cursor's memory beside the document. It is reused, since clearing it would cost a tenth of reading a request.</summary>
    public sealed class Tables
    {
        internal readonly OpenElement[] Open = new OpenElement[RequestLimits.Depth];
        internal readonly XmlAttributes Attributes = new();
        internal readonly XmlNamespaces Namespaces = new();
        internal readonly XmlIndex Index = new();
    }

    internal struct OpenElement
    {
        public int NameStart;
        public int NameLength;
        public int NamespaceCount;
    }
}
