using System.Xml;

namespace Omaha.Benchmarks;

/// <summary>What reading a request costs with .NET's XmlReader at the least: it goes to each value that our reader takes, and keeps none.</summary>
internal static class XmlReaderParser
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        NameTable = new NameTable(),
        IgnoreWhitespace = true,
    };

    private static readonly Dictionary<string, HashSet<string>> Values = new()
    {
        ["request"] = ["protocol", "version", "updater", "updaterversion", "prodversion", "userid", "sessionid", "requestid", "installsource", "testsource", "dlpref", "acceptformat", "ismachine", "os", "arch", "lang"],
        ["os"] = ["platform", "version", "sp", "arch"],
        ["hw"] = ["physmemory", "sse2", "sse3", "avx"],
        ["updater"] = ["name", "version", "ismachine"],
        ["app"] =
        [
            "appid", "version", "track", "from_track", "from_version", "ap", "tag", "release_channel", "cohort", "cohorthint", "cohortname", "brand", "lang", "installsource", "machineid",
            "bootid", "machinealias", "oem", "oemversion", "alephversion", "board", "hardware_class", "fp", "delta_okay", "multi_manifest_ok",
        ],
        ["updatecheck"] = ["tag", "release_channel", "updatedisabled", "sameversionupdate", "rollback_allowed", "targetversionprefix"],
        ["ping"] = ["active", "a", "ad", "rd"],
        ["event"] = ["eventtype", "eventresult", "errorcode", "extracode1", "previousversion", "nextversion"],
        ["data"] = ["name", "index"],
        ["package"] = ["fp"],
    };

    /// <summary>Reads a whole body and returns the length of all values taken.</summary>
    public static int Read(byte[] body)
    {
        var length = 0;
        using var reader = XmlReader.Create(new MemoryStream(body), Settings);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || !Values.TryGetValue(reader.LocalName, out var names)) continue;
            while (reader.MoveToNextAttribute())
            {
                if (reader.NamespaceURI.Length == 0 && names.Contains(reader.LocalName)) length += reader.Value.Length;
            }
        }

        return length;
    }
}
