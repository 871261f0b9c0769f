namespace FormatReading;

/// <summary>Bytes are not what the document says.</summary>
public sealed class FormatReadException(string message) : Exception(message);
