using System.Globalization;
using System.Text;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>A simulated rollout as a picture that stands alone.</summary>
internal static class SimulationSvg
{
    private const double Left = 60;
    private const double Top = 40;
    private const double Width = 800;
    private const double Height = 300;

    public static byte[] Render(Simulation simulation)
    {
        var points = simulation.Points;
        var (first, last) = (points[0].At, points[^1].At);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 20} {Top + Height + 60}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<title>{simulation.Policy}</title><rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Add(svg, $"<text x=\"{Left}\" y=\"20\" font-size=\"14\">{simulation.Policy}, from {Report.Time(simulation.Start)}{(simulation.Completes is { } completes ? $", complete {Report.Time(completes)}" : "")}</text>");

        foreach (var (one, next) in points.Zip(points.Skip(1)))
        {
            if (one.Hold != SimulatedHold.None) Add(svg, $"<rect x=\"{X(one.At):0.##}\" y=\"{Top}\" width=\"{X(next.At) - X(one.At):0.##}\" height=\"{Height}\" fill=\"{(one.Hold == SimulatedHold.Freeze ? "#cfe2f3" : "#eeeeee")}\"/>");
        }

        foreach (var share in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(share):0.##}\" y2=\"{Y(share):0.##}\" stroke=\"#cccccc\"/><text x=\"{Left - 8}\" y=\"{Y(share) + 4:0.##}\" text-anchor=\"end\">{share * 100:0}%</text>");
        }

        Add(svg, $"<polyline fill=\"none\" stroke=\"#888888\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\" points=\"{Line(static point => point.Exposure)}\"/>");
        Add(svg, $"<polyline fill=\"none\" stroke=\"#1155cc\" stroke-width=\"2\" points=\"{Line(static point => point.Reached)}\"/>");
        Add(svg, $"<text x=\"{Left}\" y=\"{Top + Height + 20}\">{Report.Time(first)}</text><text x=\"{Left + Width}\" y=\"{Top + Height + 20}\" text-anchor=\"end\">{Report.Time(last)}</text>");
        Add(svg, $"<text x=\"{Left}\" y=\"{Top + Height + 42}\"><tspan fill=\"#1155cc\">solid: could have it by then</tspan>, dashed: exposed, grey: outside of the windows, blue: frozen</text></svg>");
        return Encoding.UTF8.GetBytes(svg.ToString());

        double X(DateTimeOffset at) => Left + (Width * ((at - first) / (last - first)));

        static double Y(double share) => Top + (Height * (1 - share));

        string Line(Func<SimulatedPoint, double> share) => string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.At):0.##},{Y(share(point)):0.##}")));
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
