using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Whether somebody waits for the answer: <c>installsource</c> of the app, else of the request, begins with <c>ondemand</c>.</summary>
public static class Interactivity
{
    /// <summary>Whether an app is asked for by hand.</summary>
    public static bool Of(UpdateRequest request, in RequestedApp asked)
    {
        var source = request[asked.InstallSource.IsEmpty ? request.InstallSource : asked.InstallSource];
        return source.Length >= 8 && Ascii.EqualsIgnoreCase(source[..8], "ondemand"u8);
    }
}
