using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>Lines of names and values, so that two readings can be compared and a difference be seen.</summary>
internal sealed class Description
{
    private readonly StringBuilder _lines = new();

    public void Add(string name, object value) => _lines.Append(name).Append(" = ").Append(value).Append('\n');

    public override string ToString() => _lines.ToString();
}
