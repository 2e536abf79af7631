using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>Which documents are read at all, and how their characters are.</summary>
public class XmlAcceptanceTests
{
    [Theory]
    [InlineData(" \r\n\t")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF\n\n")]
    public void Document_is_read_when_this_stands_before_it(string before) =>
        Assert.Equal(Refusal.None, Reading.Refusal(before + Samples.Flatcar));

    [Theory]
    [InlineData("\n")]
    [InlineData("\0")]
    [InlineData("\r\n\0\0")]
    [InlineData("<!-- bye --><?bye?>\n")]
    public void Document_is_read_when_this_follows_the_root(string after) =>
        Assert.Equal(Refusal.None, Reading.Refusal(Samples.Flatcar + after));

    [Theory]
    [InlineData("x")]
    [InlineData("<request/>")]
    [InlineData("</request>")]
    [InlineData("\0x")]
    [InlineData("&#32;")]
    [InlineData("<![CDATA[ ]]>")]
    [InlineData("<?xml version=\"1.0\"?>")]
    [InlineData("\uFEFF")]
    public void Document_is_malformed_when_this_follows_the_root(string after) =>
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.Flatcar + after));

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF \n")]
    [InlineData("\n\0")]
    public void Body_is_empty_when_it_holds_only(string body) => Assert.Equal(Refusal.EmptyBody, Reading.Refusal(body));

    [Theory]
    [InlineData("no xml")]
    [InlineData("\u0001")]
    [InlineData("\u0001 <request protocol=\"3.0\"/>")]
    [InlineData("\0<request protocol=\"3.0\"/>")]
    [InlineData("<")]
    [InlineData("<x></xx>")]
    [InlineData("<request")]
    [InlineData("<request protocol=\"3.0\"")]
    [InlineData("<request protocol=\"3.0")]
    [InlineData("<request protocol=\"3.0\">")]
    [InlineData("<request protocol=\"3.0\"></request")]
    [InlineData("<request protocol=\"3.0\"><app></request>")]
    [InlineData("<request protocol=\"3.0\"><app></app ></app></request>")]
    [InlineData("<request protocol=3.0/>")]
    [InlineData("<request protocol/>")]
    [InlineData("<request protocol=\"3.0\"/ >")]
    [InlineData("<request protocol=\"3.0\" / >")]
    [InlineData("< request protocol=\"3.0\"/>")]
    [InlineData("<1request protocol=\"3.0\"/>")]
    [InlineData("<request :a=\"1\" protocol=\"3.0\"/>")]
    [InlineData("<request a:=\"1\" protocol=\"3.0\"/>")]
    [InlineData("<request xmlns:a=\"urn:a\" a:b:c=\"1\" protocol=\"3.0\"/>")]
    [InlineData("{\"request\":{\"protocol\":\"3.1\"}}")]
    [InlineData(")]}'\n<request protocol=\"3.0\"/>")]
    [InlineData("<!-- only a comment -->")]
    [InlineData("<![CDATA[<request protocol=\"3.0\"/>]]>")]
    [InlineData("<!ELEMENT x>")]
    public void Document_is_malformed_when_it_is(string body) => Assert.Equal(Refusal.Malformed, Reading.Refusal(body));

    [Theory]
    [InlineData("a & b")]
    [InlineData("&nbsp;")]
    [InlineData("&amp")]
    [InlineData("&AMP;")]
    [InlineData("&;")]
    [InlineData("&#;")]
    [InlineData("&#x;")]
    [InlineData("&#X41;")]
    [InlineData("&#-1;")]
    [InlineData("&#1;")]
    [InlineData("&#0;")]
    [InlineData("&#xD800;")]
    [InlineData("&#xDFFF;")]
    [InlineData("&#xFFFE;")]
    [InlineData("&#x110000;")]
    [InlineData("&#x4100002;")]
    [InlineData("&#99999999999999999999;")]
    [InlineData("a<b")]
    [InlineData("\u0001")]
    [InlineData("\0")]
    [InlineData("\u001F")]
    [InlineData("\uFFFE")]
    [InlineData("\uFFFF")]
    public void Document_is_malformed_when_a_value_or_a_text_holds(string value)
    {
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.App($"track=\"{value}\"")));
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.App($"track='{value}'")));
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.App(content: $"<data>{value}</data>")));
    }

    [Theory]
    [InlineData("a ]]> b")]
    [InlineData("<!-- a -- b -->")]
    [InlineData("<!-- a --->")]
    [InlineData("<!-->")]
    [InlineData("<!-- a")]
    [InlineData("<!- a -->")]
    [InlineData("<?xml version=\"1.0\"?>")]
    [InlineData("<?XmL?>")]
    [InlineData("<? pi?>")]
    [InlineData("<?a:b?>")]
    [InlineData("<?pi")]
    [InlineData("<?pi?")]
    [InlineData("<?pi\"?>")]
    [InlineData("<![CDATA[ a")]
    [InlineData("<![cdata[ a ]]>")]
    public void Document_is_malformed_when_an_element_holds(string content) =>
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.Request(content)));

    [Theory]
    [InlineData("<?xml version=\"1.1\"?>")]
    [InlineData("<?xml version=\"1.00\"?>")]
    [InlineData("<?xml version=\"2.0\"?>")]
    [InlineData("<?xml?>")]
    [InlineData("<?xml encoding=\"utf-8\"?>")]
    [InlineData("<?xml encoding=\"utf-8\" version=\"1.0\"?>")]
    [InlineData("<?xml version=\"1.0\" standalone=\"maybe\"?>")]
    [InlineData("<?xml version=\"1.0\" standalone=\"yes\" encoding=\"utf-8\"?>")]
    [InlineData("<?xml version=\"1.0\"encoding=\"utf-8\"?>")]
    [InlineData("<?xml version=\"1.0\" other=\"1\"?>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"\"?>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"8bit\"?>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf 8\"?>")]
    [InlineData("<?xml version=\"1.0\"")]
    [InlineData("<?xml version=\"1.0\" >")]
    [InlineData("<?XML version=\"1.0\"?>")]
    public void Document_is_malformed_when_its_declaration_is(string declaration) =>
        Assert.Equal(Refusal.Malformed, Reading.Refusal(declaration + Samples.Request("")));

    [Theory]
    [InlineData("<?xml version='1.0'?>")]
    [InlineData("<?xml version = \"1.0\" encoding = 'Utf-8' ?>")]
    [InlineData("<?xml\nversion=\"1.0\"\r\nencoding=\"US-ASCII\"\tstandalone=\"no\"?>")]
    [InlineData("<?xml version=\"1.0\" standalone='yes'?>")]
    [InlineData("<?xml-stylesheet href=\"x\"?>")]
    public void Document_is_read_when_its_declaration_is(string declaration) =>
        Assert.Equal(Refusal.None, Reading.Refusal(declaration + Samples.Request("")));

    [Theory]
    [InlineData("UTF-16")]
    [InlineData("utf-16le")]
    [InlineData("ISO-8859-1")]
    [InlineData("windows-1252")]
    [InlineData("UTF8")]
    public void Encoding_is_unsupported_when_the_declaration_says(string encoding) =>
        Assert.Equal(Refusal.UnsupportedEncoding, Reading.Refusal($"<?xml version=\"1.0\" encoding=\"{encoding}\"?>" + Samples.Request("")));

    [Fact]
    public void Encoding_is_unsupported_when_the_body_is_UTF_16()
    {
        Assert.Equal(Refusal.UnsupportedEncoding, Reading.Refusal([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Samples.Flatcar)]));
        Assert.Equal(Refusal.UnsupportedEncoding, Reading.Refusal([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Samples.Flatcar)]));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Encoding_is_unsupported_when_a_value_holds_the_bytes(byte[] bytes) =>
        Assert.Equal(Refusal.UnsupportedEncoding, Reading.Refusal([.. "<request protocol=\"3.0\" x=\""u8, .. bytes, .. "\"/>"u8]));

    [Theory]
    [InlineData("<!DOCTYPE request>")]
    [InlineData("<!DOCTYPE request SYSTEM \"http://127.0.0.1/x.dtd\">")]
    [InlineData("<!DOCTYPE request [<!ENTITY a \"b\">]>")]
    [InlineData("<!DOCTYPE request [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>")]
    [InlineData("<!DOCTYPE request [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\"><!ENTITY c \"&b;&b;\">]>")]
    [InlineData("<!DOCTYPE")]
    public void Document_type_is_refused_when_it_is(string type)
    {
        Assert.Equal(Refusal.DocumentType, Reading.Refusal(Samples.Declaration + type + Samples.Request("")));
        Assert.Equal(Refusal.DocumentType, Reading.Refusal(Samples.Request(type)));
    }

    [Theory]
    [InlineData("<request protocol=\"3.0\" a=\"1\" a=\"2\"/>")]
    [InlineData("<request protocol=\"3.0\" protocol=\"3.0\"/>")]
    [InlineData("<request xmlns=\"\" xmlns=\"\" protocol=\"3.0\"/>")]
    [InlineData("<request xmlns:p=\"urn:a\" xmlns:q=\"urn:a\" p:x=\"1\" q:x=\"1\" protocol=\"3.0\"/>")]
    [InlineData("<request p:x=\"1\" q:x=\"1\" xmlns:p=\"urn:a\" xmlns:q=\"urn:&#97;\" protocol=\"3.0\"/>")]
    public void Attribute_is_refused_when_it_comes_twice(string xml) => Assert.Equal(Refusal.DuplicateAttribute, Reading.Refusal(xml));

    [Theory]
    [InlineData("<request protocol=\"3.0\" x=\"1\" xmlns:p=\"urn:a\" p:x=\"2\"/>")]
    [InlineData("<request protocol=\"3.0\" xmlns=\"\" xmlns:p=\"urn:a\" xmlns:q=\"urn:b\" p:x=\"1\" q:x=\"2\"/>")]
    public void Attribute_is_read_when_its_namesake_is_in_another_namespace(string xml) => Assert.Equal(Refusal.None, Reading.Refusal(xml));

    [Theory]
    [InlineData("<o:request protocol=\"3.0\"/>")]
    [InlineData("<request protocol=\"3.0\"><o:app/></request>")]
    [InlineData("<request protocol=\"3.0\" o:x=\"1\"/>")]
    [InlineData("<request protocol=\"3.0\"><a xmlns:o=\"urn:a\"/><o:b/></request>")]
    [InlineData("<request protocol=\"3.0\" xmlns:o=\"\"/>")]
    [InlineData("<request protocol=\"3.0\" xmlns:xml=\"urn:a\"/>")]
    [InlineData("<request protocol=\"3.0\" xmlns:o=\"http://www.w3.org/XML/1998/namespace\"/>")]
    [InlineData("<request protocol=\"3.0\" xmlns=\"http://www.w3.org/XML/1998/namespace\"/>")]
    [InlineData("<request protocol=\"3.0\" xmlns:xmlns=\"urn:a\"/>")]
    [InlineData("<request protocol=\"3.0\" xmlns:o=\"http://www.w3.org/2000/xmlns/\"/>")]
    [InlineData("<request protocol=\"3.0\" xmlns=\"http://www.w3.org/2000/xmlns/\"/>")]
    [InlineData("<request protocol=\"3.0\"><xmlns:app/></request>")]
    public void Namespace_is_bad_when_a_prefix_is_unknown_or_a_declaration_forbidden(string xml) =>
        Assert.Equal(Refusal.BadNamespace, Reading.Refusal(xml));

    [Theory]
    [InlineData("<request protocol=\"3.0\" xmlns:xml=\"http://www.w3.org/XML/1998/namespace\" xml:lang=\"en\"/>")]
    [InlineData("<request protocol=\"3.0\"><a o:x=\"1\" xmlns:o=\"urn:a\"/><o:b xmlns:o=\"urn:b\"/></request>")]
    [InlineData("<request protocol=\"3.0\" xmlnsx=\"1\" xmln=\"2\"/>")]
    public void Namespace_is_fine_when_every_prefix_is_declared(string xml) => Assert.Equal(Refusal.None, Reading.Refusal(xml));

    [Fact]
    public void Fault_is_found_when_it_comes_after_the_last_app() =>
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.Request("<app appid=\"a\"/><rest a=b/>")));

    [Fact]
    public void Fault_of_the_xml_comes_first_when_the_root_is_wrong_too() =>
        Assert.Equal(Refusal.Malformed, Reading.Refusal("<other><a></b></other>"));

    [Fact]
    public void Name_outside_of_ASCII_is_malformed_since_no_client_has_one()
    {
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.Request("<é/>")));
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.App("é=\"1\"")));
    }

    [Fact]
    public void Name_outside_of_ASCII_is_malformed_when_its_beginning_is_the_name_of_another_attribute() =>
        Assert.Equal(Refusal.Malformed, Reading.Refusal(Samples.App("oem=\"1\" oemé=\"2\"")));
}
