using System.Globalization;

namespace Omaha.Faults;

/// <summary>The table, a line for each fault.</summary>
internal static class ResultLine
{
    public const string Head =
        """
        fault                      checks  failed  wrong   p99 before  during   after ms   visible  recovered ms
        -------------------------  ------  ------  -----   ------------------------------  --------------------
        """;

    public static string Render(FaultResult result)
    {
        if (result.Skipped is { } reason) return $"{result.Fault.Name,-25}  skipped: {reason}";
        var phases = new[] { result.Before, result.During, result.After }.OfType<Answers>().ToList();
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Fault.Name,-25}  {phases.Sum(static it => it.Sent),6}  {phases.Sum(static it => it.Failed),6}  {phases.Sum(static it => it.Wrong),5}   {Tail(result.Before),10}  {Tail(result.During),6}  {Tail(result.After),6}      {Time(result.Visible),7}  {Time(result.Recovered),9}");
        return string.Join(Environment.NewLine, [line, .. result.Faults.Select(static fault => $"    {fault.ReplaceLineEndings(" ")}")]);
    }

    private static string Tail(Answers? answers) => answers is null ? "-" : answers.P99Milliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan? time) => time is { } known ? known.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) : "-";
}
