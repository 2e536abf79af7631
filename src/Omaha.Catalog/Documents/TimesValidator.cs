using static Omaha.Catalog.AppValidator;

namespace Omaha.Catalog;

/// <summary>Judges windows and freezes.</summary>
internal static class TimesValidator
{
    private const int MaxEntries = 100;

    public static void Check(List<WindowSpec>? windows, List<FreezeSpec>? freezes, string at, FaultList faults)
    {
        if (windows?.Count > MaxEntries) faults.Add($"{at}.windows", $"holds {windows.Count} windows; at most {MaxEntries} are allowed");
        for (var i = 0; i < windows?.Count; i++) CheckWindow(windows[i], $"{at}.windows[{i}]", faults);
        if (freezes?.Count > MaxEntries) faults.Add($"{at}.freezes", $"holds {freezes.Count} freezes; at most {MaxEntries} are allowed, so remove past ones");
        for (var i = 0; i < freezes?.Count; i++) CheckFreeze(freezes[i], $"{at}.freezes[{i}]", faults);
    }

    private static void CheckWindow(WindowSpec? window, string path, FaultList faults)
    {
        if (window is null)
        {
            faults.Add(path, "is null; describe a window or remove the entry");
            return;
        }

        faults.Unknown(window, path);
        if (window.Days is []) faults.Add($"{path}.days", $"is empty, so the window would never open; name days of {OfferWindows.DayList}, or leave it out for every day");
        foreach (var day in window.Days ?? [])
        {
            if (OfferWindows.DayOf(day) < 0) faults.Add($"{path}.days", $"{Quote(day)} is no day; use {OfferWindows.DayList}");
        }

        CheckTime(window.From, $"{path}.from", faults);
        CheckTime(window.To, $"{path}.to", faults);
        if (window is { From: "24:00" }) faults.Add($"{path}.from", "\"24:00\" is when a day ends; write \"00:00\" and the day after");
        if (window.To == "00:00") faults.Add($"{path}.to", "\"00:00\" is when a day begins; write \"24:00\" for its end");
        CheckZone(window.Zone, $"{path}.zone", faults);
    }

    private static void CheckFreeze(FreezeSpec? freeze, string path, FaultList faults)
    {
        if (freeze is null)
        {
            faults.Add(path, "is null; describe a freeze or remove the entry");
            return;
        }

        faults.Unknown(freeze, path);
        CheckText(freeze.Reason, $"{path}.reason", faults);
        if (string.IsNullOrWhiteSpace(freeze.Reason)) faults.Add($"{path}.reason", "is missing; say why, for those who ask what holds their update");
        CheckZone(freeze.Zone, $"{path}.zone", faults);
        var from = CheckMoment(freeze.From, $"{path}.from", faults);
        var to = CheckMoment(freeze.To, $"{path}.to", faults);
        if (from && to && FrozenTimes.TryRead(freeze, out var first, out var last) && last <= first) faults.Add($"{path}.to", $"{Quote(freeze.To)} is not after {Quote(freeze.From)}, where the freeze begins");
    }

    private static void CheckTime(string? time, string path, FaultList faults)
    {
        if (time is not null && OfferWindows.TimeOf(time) is null) faults.Add(path, $"{Quote(time)} is no time of day; write HH:MM, 00:00 to 24:00, such as \"09:30\"");
    }

    private static bool CheckMoment(string? moment, string path, FaultList faults)
    {
        if (FrozenTimes.TryParse(moment, out _, out _)) return true;
        faults.Add(path, moment is null ? "is missing; write a day such as \"2026-12-20\", or a minute such as \"2026-12-20T18:00\"" : $"{Quote(moment)} is neither a day such as \"2026-12-20\" nor a minute such as \"2026-12-20T18:00\" of the years 2000 to 2099");
        return false;
    }

    private static void CheckZone(string? zone, string path, FaultList faults)
    {
        if (ZoneClock.Find(zone) is null) faults.Add(path, $"{Quote(zone)} is no time zone that this system knows; write an IANA name such as \"Europe/Berlin\" or \"UTC\"");
    }
}
