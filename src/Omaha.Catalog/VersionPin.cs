using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>The only version that a group may be offered.</summary>
internal sealed class VersionPin(string version)
{
    private readonly VersionPrefix _exactly = VersionPrefix.Parse(Encoding.UTF8.GetBytes(version + "$"));

    /// <summary>As it is declared.</summary>
    public string Version => version;

    public bool Matches(in DottedVersion other) => _exactly.Matches(other);
}
