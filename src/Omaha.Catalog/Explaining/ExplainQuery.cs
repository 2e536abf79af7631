using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>A machine to explain the answer of: what it would send.</summary>
public sealed record ExplainQuery
{
    /// <summary>The app id.</summary>
    public required string App { get; init; }

    /// <summary>The track; null for a machine that sends none.</summary>
    public string? Track { get; init; }

    /// <summary>The board, e.g. <c>amd64-usr</c>; null for a machine that sends none.</summary>
    public string? Board { get; init; }

    /// <summary>The machine id; null for a machine that sends none.</summary>
    public string? Node { get; init; }

    /// <summary>The installed version; null for a fresh installation.</summary>
    public string? Version { get; init; }

    /// <summary>Somebody asks by hand.</summary>
    public bool Interactive { get; init; }

    /// <summary>The OEM; null for a machine that sends none.</summary>
    public string? Oem { get; init; }

    /// <summary>The operating system, e.g. <c>CoreOS</c> or <c>win</c>; null for a machine that does not tell.</summary>
    public string? Platform { get; init; }

    /// <summary>The architecture of the operating system, e.g. <c>x64</c>; null for a machine that does not tell.</summary>
    public string? Arch { get; init; }

    /// <summary>A version prefix that the machine asks for; null for none.</summary>
    public string? Prefix { get; init; }

    /// <summary>The request that such a machine sends.</summary>
    public byte[] ToRequest()
    {
        var xml = new StringBuilder("<request protocol=\"3.0\"");
        Append("installsource", Interactive ? "ondemandupdate" : "scheduler");
        xml.Append("><os");
        Append("platform", Platform);
        Append("arch", Arch);
        xml.Append("/><app");
        Append("appid", App);
        Append("version", Version);
        Append("track", Track);
        Append("board", Board);
        Append("machineid", Node);
        Append("oem", Oem);
        xml.Append("><updatecheck");
        Append("targetversionprefix", Prefix);
        return Encoding.UTF8.GetBytes(xml.Append("/></app></request>").ToString());

        void Append(string name, string? value)
        {
            if (value is not null) xml.Append(' ').Append(name).Append("=\"").Append(XmlText.Escape(value)).Append('"');
        }
    }
}
