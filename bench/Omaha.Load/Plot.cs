using System.Globalization;
using System.Security;
using System.Text;

namespace Omaha.Load;

/// <summary>A run as a picture: latency by percentile, answers a second over time, latency over time. SVG without anything from elsewhere, so any browser shows it.</summary>
internal sealed class Plot
{
    private const int Width = 1000;
    private const int Left = 90;
    private const int Right = Width - 30;
    private const int PanelHeight = 210;
    private const string Ink = "#24292f", Faint = "#d8dee4", Good = "#0969da", Tail = "#bf3989", Worst = "#bc4c00", Bad = "#cf222e";

    private readonly StringBuilder _svg = new();
    private readonly LoadResult _result;

    private Plot(LoadResult result) => _result = result;

    public static byte[] Render(LoadResult result) => Encoding.UTF8.GetBytes(new Plot(result).Draw());

    private string Draw()
    {
        string[] lines = TextReport.Render(_result).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var top = 40 + (20 * lines.Length);
        var height = top + (3 * (PanelHeight + 75));
        _svg.Append(Say($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" fill="{Ink}"><rect width="{Width}" height="{height}" fill="white"/>""")).Append('\n');
        for (var i = 0; i < lines.Length; i++) Text(30, 35 + (20 * i), Clip(lines[i].TrimEnd()), "start", "font-family=\"DejaVu Sans Mono, monospace\" xml:space=\"preserve\"");

        Percentiles(top + 30);
        Throughput(top + PanelHeight + 105);
        LatencyOverTime(top + (2 * (PanelHeight + 75)) + 30);
        return _svg.Append("</svg>\n").ToString();
    }

    /// <summary>Each step to the right is one more nine, so that the tail, which machines notice, gets the room.</summary>
    private void Percentiles(int top)
    {
        var points = _result.Percentiles;
        var nines = points.Count == 0 ? 1 : Math.Max(1, Nines(points[^1]));
        var x = new Scale(0, nines, Left, Right);
        var y = LogScale(points.Select(static point => point.Milliseconds), top);
        Panel(top, "Latency by percentile, ms");
        for (var nine = 0; nine <= nines; nine++) Column(x.At(nine), top, nine == 0 ? "0 %" : (100 - Math.Pow(10, 2 - nine)).ToString("0.########", CultureInfo.InvariantCulture) + " %");
        Rows(y);
        Line(points.Select(point => (x.At(Nines(point)), y.At(Math.Log10(point.Milliseconds)))), Good);

        static double Nines(PercentilePoint point) => -Math.Log10(1 - (point.Percentile / 100));
    }

    private void Throughput(int top)
    {
        var intervals = _result.Intervals.Where(static interval => interval.Seconds > 0).ToList();
        var x = Time();
        var most = Ceiling(intervals.Select(static interval => Math.Max(interval.Right, interval.Errors) / interval.Seconds).DefaultIfEmpty(1).Max());
        var y = new Scale(0, most, top + PanelHeight, top);
        Panel(top, "Answers a second (blue: right, red: errors)");
        Seconds(x, top);
        for (var i = 0; i <= 4; i++) Row(y.At(most * i / 4), TextReport.Number(most * i / 4));
        Line(Steps(intervals, x, interval => y.At(interval.Right / interval.Seconds)), Good);
        if (_result.Errors.Total > 0) Line(Steps(intervals, x, interval => y.At(interval.Errors / interval.Seconds)), Bad);
    }

    private void LatencyOverTime(int top)
    {
        var intervals = _result.Intervals.Where(static interval => interval.Right > 0).ToList();
        var x = Time();
        var y = LogScale(intervals.SelectMany(static interval => new[] { interval.P50Milliseconds, interval.MaxMilliseconds }), top);
        Panel(top, "Latency over time, ms (blue: p50, purple: p99, orange: max)");
        Seconds(x, top);
        Rows(y);
        Line(Steps(intervals, x, interval => y.At(Math.Log10(interval.MaxMilliseconds))), Worst);
        Line(Steps(intervals, x, interval => y.At(Math.Log10(interval.P99Milliseconds))), Tail);
        Line(Steps(intervals, x, interval => y.At(Math.Log10(interval.P50Milliseconds))), Good);
    }

    private Scale Time() => new(0, Math.Max(0.1, _result.Intervals.Count == 0 ? 0.1 : _result.Intervals[^1].Begin + _result.Intervals[^1].Seconds), Left, Right);

    private static IEnumerable<(double X, double Y)> Steps(IEnumerable<Interval> intervals, Scale x, Func<Interval, double> y) =>
        intervals.SelectMany(interval => new[] { (x.At(interval.Begin), y(interval)), (x.At(interval.Begin + interval.Seconds), y(interval)) });

    private static Scale LogScale(IEnumerable<double> milliseconds, int top)
    {
        var seen = milliseconds.Where(static value => value > 0).DefaultIfEmpty(1).ToList();
        var least = Math.Floor(Math.Log10(seen.Min()));
        return new Scale(least, Math.Max(least + 1, Math.Ceiling(Math.Log10(seen.Max()))), top + PanelHeight, top);
    }

    private void Panel(int top, string title)
    {
        Text(Left, top - 12, title, "start", "font-weight=\"bold\"");
        _svg.Append(Say($"""<rect x="{Left}" y="{top}" width="{Right - Left}" height="{PanelHeight}" fill="none" stroke="{Faint}"/>""")).Append('\n');
    }

    private void Seconds(Scale x, int top)
    {
        var step = Ceiling(x.To / 10);
        for (var second = 0.0; second <= x.To + 1e-9; second += step) Column(x.At(second), top, Say($"{second:0.##} s"));
    }

    private void Rows(Scale log)
    {
        for (var decade = log.From; decade <= log.To; decade++)
        {
            Row(log.At(decade), Math.Pow(10, decade).ToString("0.######", CultureInfo.InvariantCulture));
            // The lines at two and five show that the scale is logarithmic.
            for (var within = 2; within < 8 && decade < log.To; within += 3) Row(log.At(decade + Math.Log10(within)), (within * Math.Pow(10, decade)).ToString("0.######", CultureInfo.InvariantCulture));
        }
    }

    private void Row(double y, string label)
    {
        _svg.Append(Say($"""<line x1="{Left}" x2="{Right}" y1="{y:0.0}" y2="{y:0.0}" stroke="{Faint}"/>""")).Append('\n');
        Text(Left - 8, y + 4, label, "end");
    }

    private void Column(double x, int top, string label)
    {
        _svg.Append(Say($"""<line x1="{x:0.0}" x2="{x:0.0}" y1="{top}" y2="{top + PanelHeight}" stroke="{Faint}"/>""")).Append('\n');
        Text(x, top + PanelHeight + 18, label, "middle");
    }

    private void Line(IEnumerable<(double X, double Y)> points, string colour) =>
        _svg.Append("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"").Append(colour).Append("\" points=\"")
            .AppendJoin(' ', points.Select(static point => Say($"{point.X:0.0},{point.Y:0.0}"))).Append("\"/>\n");

    private void Text(double x, double y, string text, string anchor, string more = "") =>
        _svg.Append(Say($"""<text x="{x:0.0}" y="{y:0.0}" text-anchor="{anchor}" {more}>{SecurityElement.Escape(text)}</text>""")).Append('\n');

    private static string Clip(string line) => line.Length <= 130 ? line : line[..129] + "…";

    /// <summary>The next number that reads well: 1, 2 or 5 and zeros.</summary>
    private static double Ceiling(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 0.01))));
        return unit * (value / unit) switch { <= 1.000001 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Maps values to places.</summary>
    private readonly record struct Scale(double From, double To, double Start, double End)
    {
        public double At(double value) => Start + ((Math.Clamp(value, From, To) - From) / (To - From) * (End - Start));
    }
}
