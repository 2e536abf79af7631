using System.Runtime.CompilerServices;

namespace Omaha.Protocol;

/// <summary>The attributes of one start tag, in order, and whether one of them was there before.</summary>
internal sealed class XmlAttributes
{
    private readonly XmlAttribute[] _attributes = new XmlAttribute[RequestLimits.AttributesPerElement];
    private int _count;

    // A sketch of the names so far in 64 bits: it makes the usual answer, no such name yet, cheap.
    private ulong _names;

    public int Count => _count;

    public bool IsFull => _count == RequestLimits.AttributesPerElement;

    public Span<XmlAttribute> Taken => _attributes.AsSpan(0, _count);

    /// <summary>Whether a name has a prefix or declares one, so that namespaces have to be looked at.</summary>
    public bool UseNamespaces { get; private set; }

    public void Clear()
    {
        _count = 0;
        _names = 0;
        UseNamespaces = false;
    }

    /// <summary>Takes one more attribute; the caller sees to <see cref="IsFull"/>. False when the name was there before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(ReadOnlySpan<byte> xml, XmlName name, Utf8Range value)
    {
        var first = xml[name.Start];
        var bit = 1UL << ((first * 5) + xml[name.Start + name.Length - 1] + (name.Length * 19));
        if ((_names & bit) != 0 && Contains(name, xml)) return false;
        _names |= bit;
        if (name.HasPrefix || (first == 'x' && XmlNamespaces.IsDeclaration(name, xml))) UseNamespaces = true;

        ref var attribute = ref _attributes[_count++];
        attribute.Name = name;
        attribute.Value = value;
        attribute.Namespace = XmlNamespaces.None;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Contains(XmlName name, ReadOnlySpan<byte> xml)
    {
        var text = name.In(xml);
        foreach (ref readonly var attribute in Taken)
        {
            if (attribute.Name.Length == name.Length && text.SequenceEqual(attribute.Name.In(xml))) return true;
        }

        return false;
    }
}
