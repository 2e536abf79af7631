using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>The reader looks at many bytes at a time, so what it reads must not depend on where in the body it stands.</summary>
public class XmlPositionTests
{
    private const int Positions = 130;

    private readonly UpdateRequest _request = new();

    [Fact]
    public void Values_are_the_same_wherever_they_stand()
    {
        for (var before = 0; before < Positions; before++)
        {
            var request = Reading.Accept(new string(' ', before) + Samples.GoogleUpdate);
            Assert.Equal("update3web-ondemand", request.Text(request.InstallSource));
            Assert.Equal("beta&x", request.Text(request.Apps[0].Ap));
            Assert.Equal("55.2", request.Text(request.Apps[0].TargetVersionPrefix));
            Assert.Equal("some <text>", request.Text(request.Data[1].Text));
            Assert.Equal(-2147219440, request.Events[0].ErrorCode);
        }
    }

    [Fact]
    public void Every_character_of_a_name_is_judged_wherever_it_stands()
    {
        for (var length = 1; length <= 40; length++)
        {
            for (var at = 0; at < length; at++)
            {
                for (var character = 0; character < 128; character++)
                {
                    var name = new StringBuilder(new string('a', length)) { [at] = (char)character }.ToString();

                    // What ends a name, or makes it one with a prefix, is tested where those are.
                    if ((char)character is ' ' or '\t' or '\r' or '\n' or ':' or '=' or '/' or '>') continue;
                    var begins = char.IsAsciiLetter((char)character) || character == '_';
                    var legal = begins || (at > 0 && (char.IsAsciiDigit((char)character) || character is '-' or '.'));
                    Assert.Equal(legal, Judge(Samples.App($"{name}='b'")) == Refusal.None);
                }
            }
        }
    }

    [Fact]
    public void Controls_are_refused_wherever_they_stand()
    {
        for (var before = 0; before < Positions; before++)
        {
            for (var character = 0; character < ' '; character++)
            {
                var legal = character is '\t' or '\r' or '\n';
                Assert.Equal(legal ? Refusal.None : Refusal.Malformed, Judge(new string(' ', before) + Samples.App($"b='{(char)character}'")));
            }
        }
    }

    [Fact]
    public void A_body_may_end_anywhere()
    {
        foreach (var sample in Samples.All)
        {
            for (var length = 1; length < sample.TrimEnd().Length; length++) Assert.NotEqual(Refusal.None, Judge(sample[..length]));
        }
    }

    private Refusal Judge(string body)
    {
        _request.Load(Encoding.UTF8.GetBytes(body));
        return XmlRequestReader.Read(_request);
    }
}
