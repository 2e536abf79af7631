using System.CommandLine;
namespace Omaha.Load;
internal static class ReportCommand { public static Command Create(TextWriter o) => new("report", "x"); }
