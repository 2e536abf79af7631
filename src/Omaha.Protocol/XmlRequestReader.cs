namespace Omaha.Protocol;

/// <summary>Reads an update request in Omaha XML, protocol 3.0 and 3.1, in one pass and without allocating.</summary>
/// <remarks>
/// Only elements in the namespace of the root are of the protocol, and only where the protocol has them; every other one is skipped with
/// all that is in it. Attributes with a prefix are skipped as well.
/// </remarks>
public static class XmlRequestReader
{
    /// <summary>Reads the bytes that were loaded into <paramref name="request"/> and fills it. Never throws; on a refusal the request is not to be used.</summary>
    public static Refusal Read(UpdateRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        var xml = new XmlCursor(request.Body, request.XmlTables);
        var refusal = xml.Read() ? ReadRequest(ref xml, request) : Refusal.None;

        // A document is well-formed as a whole or not at all, so what follows the root, or is in a foreign one, is read all the same.
        while (xml.Read())
        {
        }

        return xml.Fault != Refusal.None ? xml.Fault : refusal;
    }

    private static Refusal ReadRequest(ref XmlCursor xml, UpdateRequest request)
    {
        if (!xml.LocalName.SequenceEqual(Vocabulary.Request.Element)) return Refusal.WrongRoot;
        if (xml.Namespace != XmlNamespaces.None && !xml.NamespaceUri.SequenceEqual(Vocabulary.RequestNamespace)) return Refusal.WrongRoot;

        var root = ReadRoot(ref xml, request);
        switch (request[root.Protocol])
        {
            case var version when version.SequenceEqual("3.0"u8):
                request.Protocol = ProtocolVersion.Xml30;
                break;
            case var version when version.SequenceEqual("3.1"u8):
                request.Protocol = ProtocolVersion.Xml31;
                break;
            default:
                return Refusal.UnsupportedProtocol;
        }

        var protocol = xml.Namespace;
        var osSeen = false;
        var hardwareSeen = false;
        while (xml.ReadChild(1))
        {
            if (xml.Namespace != protocol) continue;
            switch (xml.LocalName)
            {
                case var name when name.SequenceEqual(Vocabulary.App.Element):
                    ReadApp(ref xml, request, protocol, root.Lang);
                    break;
                case var name when !osSeen && name.SequenceEqual(Vocabulary.Os.Element):
                    osSeen = true;
                    ReadOs(ref xml, request);
                    break;
                case var name when !hardwareSeen && name.SequenceEqual(Vocabulary.Hardware.Element):
                    hardwareSeen = true;
                    ReadHardware(ref xml, request);
                    break;
                case var name when name.SequenceEqual(Vocabulary.Updater.Element):
                    ReadUpdater(ref xml, request, ref root);
                    break;
            }
        }

        // Chromium says on the root what it is built for. The element is about the machine, so it comes first; it may stand after the apps.
        if (request.OsPlatform.IsEmpty) request.OsPlatform = root.Os;
        if (request.OsArch.IsEmpty) request.OsArch = root.Arch;
        request.IsMachine = RequestValue.IsTrue(request[root.IsMachine]);
        return Refusal.None;
    }

    private static Root ReadRoot(ref XmlCursor xml, UpdateRequest request)
    {
        var root = default(Root);
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            var value = attribute.Value;
            switch (name.Length)
            {
                case 2 when name.SequenceEqual(Vocabulary.Request.Os): root.Os = value; break;
                case 4 when name.SequenceEqual(Vocabulary.Request.Lang): root.Lang = value; break;
                case 4 when name.SequenceEqual(Vocabulary.Request.Arch): root.Arch = value; break;
                case 6 when name.SequenceEqual(Vocabulary.Request.UserId): request.UserId = value; break;
                case 6 when name.SequenceEqual(Vocabulary.Request.DownloadPreference): request.DownloadPreference = value; break;
                case 7 when name.SequenceEqual(Vocabulary.Request.Version): request.ClientVersion = value; break;
                case 7 when name.SequenceEqual(Vocabulary.Request.Updater): request.Updater = value; break;
                case 8 when name.SequenceEqual(Vocabulary.Request.Protocol): root.Protocol = value; break;
                case 8 when name.SequenceEqual(Vocabulary.Request.IsRecovery): request.IsRecovery = RequestValue.IsTrue(request[value]); break;
                case 9 when name.SequenceEqual(Vocabulary.Request.IsMachine): root.IsMachine = value; break;
                case 9 when name.SequenceEqual(Vocabulary.Request.SessionId): request.SessionId = value; break;
                case 9 when name.SequenceEqual(Vocabulary.Request.RequestId): request.RequestId = value; break;
                case 10 when name.SequenceEqual(Vocabulary.Request.TestSource): request.TestSource = value; break;
                case 11 when name.SequenceEqual(Vocabulary.Request.ProductVersion): request.ProductVersion = value; break;
                case 12 when name.SequenceEqual(Vocabulary.Request.AcceptFormat): request.AcceptFormat = value; break;
                case 13 when name.SequenceEqual(Vocabulary.Request.InstallSource): request.InstallSource = value; break;
                case 14 when name.SequenceEqual(Vocabulary.Request.UpdaterVersion): request.UpdaterVersion = value; break;
            }
        }

        return root;
    }

    private static void ReadOs(ref XmlCursor xml, UpdateRequest request)
    {
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            switch (name.Length)
            {
                case 2 when name.SequenceEqual(Vocabulary.Os.ServicePack): request.OsServicePack = attribute.Value; break;
                case 4 when name.SequenceEqual(Vocabulary.Os.Arch): request.OsArch = attribute.Value; break;
                case 7 when name.SequenceEqual(Vocabulary.Os.Version): request.OsVersion = attribute.Value; break;
                case 8 when name.SequenceEqual(Vocabulary.Os.Platform): request.OsPlatform = attribute.Value; break;
            }
        }
    }

    private static void ReadHardware(ref XmlCursor xml, UpdateRequest request)
    {
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            var value = RequestValue.Integer(request[attribute.Value]);
            switch (name.Length)
            {
                case 3 when name.SequenceEqual(Vocabulary.Hardware.Avx): request.LacksAvx = value == 0; break;
                case 4 when name.SequenceEqual(Vocabulary.Hardware.Sse2): request.LacksSse2 = value == 0; break;
                case 4 when name.SequenceEqual(Vocabulary.Hardware.Sse3): request.LacksSse3 = value == 0; break;
                case 10 when name.SequenceEqual(Vocabulary.Hardware.PhysicalMemory): request.PhysicalMemory = Math.Max(value, -1); break;
            }
        }
    }

    /// <summary>Chrome's own builds describe the updater in an element; what the root says about it comes first.</summary>
    private static void ReadUpdater(ref XmlCursor xml, UpdateRequest request, ref Root root)
    {
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            switch (name.Length)
            {
                case 4 when request.Updater.IsEmpty && name.SequenceEqual(Vocabulary.Updater.Name):
                    request.Updater = attribute.Value;
                    break;
                case 7 when request.UpdaterVersion.IsEmpty && name.SequenceEqual(Vocabulary.Updater.Version):
                    request.UpdaterVersion = attribute.Value;
                    break;
                case 9 when root.IsMachine.IsEmpty && name.SequenceEqual(Vocabulary.Updater.IsMachine):
                    root.IsMachine = attribute.Value;
                    break;
            }
        }
    }

    private static void ReadApp(ref XmlCursor xml, UpdateRequest request, int protocol, Utf8Range lang)
    {
        if (request.AppCount == RequestLimits.Apps)
        {
            xml.Stop(Refusal.TooManyApps);
            return;
        }

        ref var app = ref request.AddApp();
        app.Lang = lang;
        ReadAppAttributes(ref xml, request, ref app);

        while (xml.ReadChild(2))
        {
            if (xml.Namespace != protocol) continue;
            switch (xml.LocalName)
            {
                case var name when !app.HasUpdateCheck && name.SequenceEqual(Vocabulary.UpdateCheck.Element):
                    ReadUpdateCheck(ref xml, request, ref app);
                    break;
                case var name when !app.HasPing && name.SequenceEqual(Vocabulary.Ping.Element):
                    ReadPing(ref xml, request, ref app);
                    break;
                case var name when name.SequenceEqual(Vocabulary.Event.Element):
                    ReadEvent(ref xml, request, app);
                    break;
                case var name when name.SequenceEqual(Vocabulary.Data.Element):
                    ReadData(ref xml, request, app);
                    break;
                case var name when name.SequenceEqual(Vocabulary.Packages.Element):
                    ReadPackages(ref xml, protocol, ref app);
                    break;
            }
        }
    }

    private static void ReadAppAttributes(ref XmlCursor xml, UpdateRequest request, ref RequestedApp app)
    {
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            var value = attribute.Value;
            switch (name.Length)
            {
                case 2 when name.SequenceEqual(Vocabulary.App.Ap): app.Ap = value; break;
                case 2 when name.SequenceEqual(Vocabulary.App.Fingerprint): app.Fingerprint = value; break;
                case 3 when name.SequenceEqual(Vocabulary.App.Oem): app.Oem = value; break;
                case 3 when name.SequenceEqual(Vocabulary.App.Tag): app.Tag = value; break;
                case 4 when name.SequenceEqual(Vocabulary.App.Lang): if (!value.IsEmpty) app.Lang = value; break;
                case 5 when name.SequenceEqual(Vocabulary.App.Id): app.Id = value; break;
                case 5 when name.SequenceEqual(Vocabulary.App.Track): app.Track = value; break;
                case 5 when name.SequenceEqual(Vocabulary.App.Board): app.Board = value; break;
                case 5 when name.SequenceEqual(Vocabulary.App.Brand): app.Brand = value; break;
                case 6 when name.SequenceEqual(Vocabulary.App.BootId): app.BootId = value; break;
                case 6 when name.SequenceEqual(Vocabulary.App.Cohort): app.Cohort = Cohort(request, value); break;
                case 7 when name.SequenceEqual(Vocabulary.App.Version): app.Version = value; break;
                case 9 when name.SequenceEqual(Vocabulary.App.MachineId): app.MachineId = value; break;
                case 10 when name.SequenceEqual(Vocabulary.App.OemVersion): app.OemVersion = value; break;
                case 10 when name.SequenceEqual(Vocabulary.App.DeltaOkay): app.DeltaOkay = RequestValue.IsTrue(request[value]); break;
                case 10 when name.SequenceEqual(Vocabulary.App.FromTrack): app.FromTrack = value; break;
                case 10 when name.SequenceEqual(Vocabulary.App.CohortHint): app.CohortHint = Cohort(request, value); break;
                case 10 when name.SequenceEqual(Vocabulary.App.CohortName): app.CohortName = Cohort(request, value); break;
                case 12 when name.SequenceEqual(Vocabulary.App.MachineAlias): app.MachineAlias = value; break;
                case 12 when name.SequenceEqual(Vocabulary.App.AlephVersion): app.AlephVersion = value; break;
                case 12 when name.SequenceEqual(Vocabulary.App.FromVersion): app.FromVersion = value; break;
                case 13 when name.SequenceEqual(Vocabulary.App.InstallSource): app.InstallSource = value; break;
                case 14 when name.SequenceEqual(Vocabulary.App.HardwareClass): app.HardwareClass = value; break;
                case 15 when name.SequenceEqual(Vocabulary.App.ReleaseChannel): app.ReleaseChannel = value; break;
                case 17 when name.SequenceEqual(Vocabulary.App.MultiManifestOk): app.MultiManifestOk = RequestValue.IsTrue(request[value]); break;
            }
        }
    }

    private static Utf8Range Cohort(UpdateRequest request, Utf8Range value) => RequestValue.IsCohort(request[value]) ? value : default;

    private static void ReadUpdateCheck(ref XmlCursor xml, UpdateRequest request, ref RequestedApp app)
    {
        app.HasUpdateCheck = true;
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            var value = attribute.Value;
            switch (name.Length)
            {
                case 3 when name.SequenceEqual(Vocabulary.UpdateCheck.Tag): if (!value.IsEmpty) app.Tag = value; break;
                case 14 when name.SequenceEqual(Vocabulary.UpdateCheck.UpdateDisabled): app.UpdateDisabled = RequestValue.IsTrue(request[value]); break;
                case 15 when name.SequenceEqual(Vocabulary.UpdateCheck.ReleaseChannel): if (!value.IsEmpty) app.ReleaseChannel = value; break;
                case 16 when name.SequenceEqual(Vocabulary.UpdateCheck.RollbackAllowed): app.RollbackAllowed = RequestValue.IsTrue(request[value]); break;
                case 17 when name.SequenceEqual(Vocabulary.UpdateCheck.SameVersionUpdate): app.SameVersionUpdate = RequestValue.IsTrue(request[value]); break;
                case 19 when name.SequenceEqual(Vocabulary.UpdateCheck.TargetVersionPrefix): app.TargetVersionPrefix = value; break;
            }
        }
    }

    private static void ReadPing(ref XmlCursor xml, UpdateRequest request, ref RequestedApp app)
    {
        app.HasPing = true;
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            var value = request[attribute.Value];
            switch (name.Length)
            {
                case 1 when name.SequenceEqual(Vocabulary.Ping.DaysSinceActive): app.PingActive = true; break;
                case 2 when name.SequenceEqual(Vocabulary.Ping.ActiveDay): app.PingActive = true; break;
                case 2 when name.SequenceEqual(Vocabulary.Ping.RollCallDay): app.PingRollCallDay = RequestValue.Integer(value); break;
                case 6 when name.SequenceEqual(Vocabulary.Ping.Active): app.PingActive |= RequestValue.IsTrue(value); break;
            }
        }
    }

    private static void ReadEvent(ref XmlCursor xml, UpdateRequest request, in RequestedApp app)
    {
        if (app.EventCount == RequestLimits.EventsPerApp)
        {
            xml.Stop(Refusal.TooManyEvents);
            return;
        }

        ref var reported = ref request.AddEvent();
        reported.EventType = RequestedEvent.Unknown;
        reported.ErrorCode = RequestedEvent.Unknown;
        reported.ExtraCode1 = RequestedEvent.Unknown;
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            var value = request[attribute.Value];
            switch (name.Length)
            {
                case 9 when name.SequenceEqual(Vocabulary.Event.Type): reported.EventType = RequestValue.Integer(value); break;
                case 9 when name.SequenceEqual(Vocabulary.Event.ErrorCode): reported.ErrorCode = RequestValue.LongInteger(value); break;
                case 10 when name.SequenceEqual(Vocabulary.Event.ExtraCode1): reported.ExtraCode1 = RequestValue.LongInteger(value); break;
                case 11 when name.SequenceEqual(Vocabulary.Event.Result): reported.EventResult = RequestValue.Integer(value, missing: 0); break;
                case 11 when name.SequenceEqual(Vocabulary.Event.NextVersion): reported.NextVersion = attribute.Value; break;
                case 15 when name.SequenceEqual(Vocabulary.Event.PreviousVersion): reported.PreviousVersion = attribute.Value; break;
            }
        }
    }

    private static void ReadData(ref XmlCursor xml, UpdateRequest request, in RequestedApp app)
    {
        if (app.DataCount == RequestLimits.DataPerApp)
        {
            xml.Stop(Refusal.TooManyNodes);
            return;
        }

        ref var data = ref request.AddData();
        foreach (ref readonly var attribute in xml.Attributes)
        {
            if (attribute.Namespace != XmlNamespaces.None) continue;
            var name = xml.LocalNameOf(attribute);
            switch (name.Length)
            {
                case 4 when name.SequenceEqual(Vocabulary.Data.Name): data.Name = attribute.Value; break;
                case 5 when name.SequenceEqual(Vocabulary.Data.Index): data.Index = attribute.Value; break;
            }
        }

        // Comments and CDATA cut a text into runs; each is moved up to the one before, over bytes that have been read.
        var body = request.Body;
        var text = default(Utf8Range);
        while (xml.Read() && !(xml.Node == XmlNode.EndElement && xml.Depth == 3))
        {
            if (xml.Node != XmlNode.Text || xml.Depth != 3) continue;
            if (text.IsEmpty)
            {
                text = xml.Text;
                continue;
            }

            request[xml.Text].CopyTo(body[(text.Start + text.Length)..]);
            text = text with { Length = text.Length + xml.Text.Length };
        }

        data.Text = text;
    }

    private static void ReadPackages(ref XmlCursor xml, int protocol, ref RequestedApp app)
    {
        while (xml.ReadChild(3))
        {
            if (xml.Namespace != protocol || !xml.LocalName.SequenceEqual(Vocabulary.Packages.Package)) continue;
            foreach (ref readonly var attribute in xml.Attributes)
            {
                if (attribute.Namespace != XmlNamespaces.None || !app.Fingerprint.IsEmpty) continue;
                if (xml.LocalNameOf(attribute).SequenceEqual(Vocabulary.Packages.Fingerprint)) app.Fingerprint = attribute.Value;
            }
        }
    }

    /// <summary>What the root says, where others have a say as well.</summary>
    private struct Root
    {
        public Utf8Range Protocol;
        public Utf8Range IsMachine;
        public Utf8Range Lang;
        public Utf8Range Os;
        public Utf8Range Arch;
    }
}
