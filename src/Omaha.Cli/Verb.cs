using System.CommandLine;

namespace Omaha.Cli;

/// <summary>A command that does something, with a line to copy that its help shows.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    public string Example { get; } = example;
}
