
namespace Omaha.Protocol.Tests;

/// <summary>Replays recorded requests, when the variable OMAHA_CORPUS names a folder of them: <c>xml/*.request.xml</c>.</summary>
public class CorpusTests
{
    /// <summary>Not XML for other readers, but sent by clients we serve.</summary>
    private static readonly string[] Lenient = ["syn-leading-whitespace.malformed", "syn-trailing-nul.malformed"];

    [Fact]
    public void Recorded_requests_are_read_as_their_names_say()
    {
        foreach (var (name, body) in Recorded())
        {
            var refusal = Reading.Refusal(body);
            if (name.EndsWith(".malformed", StringComparison.Ordinal) || name.EndsWith(".malicious", StringComparison.Ordinal))
            {
                if (Lenient.Contains(name)) Assert.Equal(Refusal.None, refusal);
                else Assert.True(refusal is not (Refusal.None or Refusal.WrongRoot or Refusal.UnsupportedProtocol), $"{name}: {refusal}");
            }
        }
    }

    [Fact]
    public void Recorded_requests_are_read_as_XmlReader_reads_them()
    {
        foreach (var (_, body) in Recorded()) Agreement.Check(body);
    }

    private static IEnumerable<(string Name, byte[] Body)> Recorded()
    {
        var folder = Environment.GetEnvironmentVariable("OMAHA_CORPUS");
        if (folder is null) yield break;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "xml"), "*.request.xml").Order())
        {
            var body = File.ReadAllBytes(file);
            if (body.Length <= RequestLimits.BodyBytes) yield return (Path.GetFileName(file)[..^".request.xml".Length], body);
        }
    }
}
