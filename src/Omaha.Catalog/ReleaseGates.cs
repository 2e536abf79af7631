using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Which machines a release is kept from. What a machine does not tell never excludes it.</summary>
internal sealed class ReleaseGates
{
    private readonly int _minMemory;
    private readonly bool _needsSse2;
    private readonly bool _needsSse3;
    private readonly bool _needsAvx;
    private readonly DottedVersion _minOsVersion;
    private readonly OemList? _oems;

    public ReleaseGates(GatesSpec spec)
    {
        _minMemory = spec.MinMemory ?? 0;
        _needsSse2 = spec.Cpu?.Contains("sse2") == true;
        _needsSse3 = spec.Cpu?.Contains("sse3") == true;
        _needsAvx = spec.Cpu?.Contains("avx") == true;
        _minOsVersion = DottedVersion.Parse(Encoding.UTF8.GetBytes(spec.MinOsVersion ?? ""));
        _oems = spec.Oems is { } oems ? new OemList(oems) : null;
    }

    /// <summary><see cref="Decision.Offered"/> when the machine passes, else why it does not.</summary>
    public Decision Judge(UpdateRequest request, in RequestedApp asked)
    {
        if (request.PhysicalMemory >= 0 && request.PhysicalMemory < _minMemory) return Decision.HardwareNotSupported;
        if ((_needsSse2 && request.LacksSse2) || (_needsSse3 && request.LacksSse3) || (_needsAvx && request.LacksAvx)) return Decision.HardwareNotSupported;
        if (_minOsVersion.IsParsable)
        {
            var system = DottedVersion.Parse(request[request.OsVersion]);
            if (system.IsParsable && system < _minOsVersion) return Decision.OsNotSupported;
        }

        return _oems is null || _oems.Contains(request[asked.Oem]) ? Decision.Offered : Decision.OemExcluded;
    }
}
