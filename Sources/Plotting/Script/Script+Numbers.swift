extension ScriptText {
  /// Numbers as text, written as `NumberText` writes them.
  static let numbers = #"""
    const minus = text => text.replace(/^-/, "−");
    const significant = (value, digits) => {
      if (Number.isNaN(value)) return "–";
      if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
      if (value === 0) return "0";
      const text = value.toExponential(digits - 1);
      const [mantissa, exponent] = text.split("e").map(Number);
      if (exponent >= -3 && exponent < 6) return minus(String(Number(value.toPrecision(digits))));
      return minus(`${mantissa}e${exponent}`);
    };
    const grouped = value => minus(String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ","));

    // The labels of evenly spaced ticks, all in the same unit and to the same place.
    const tickLabels = (mantissas, exponent, isPercent) => {
      const decimal = (mantissa, power) => {
        const value = power < 0 ? mantissa / 10 ** -power : mantissa * 10 ** power;
        return minus(value.toFixed(Math.max(0, -power)));
      };
      if (isPercent) return mantissas.map(m => decimal(m, exponent + 2) + "%");
      const largest = Math.max(0, ...mantissas.map(Math.abs));
      const leading = String(largest).length - 1 + exponent;
      return mantissas.map(m => {
        if (m === 0) return "0";
        if (leading >= -3 && leading < 4) return decimal(m, exponent);
        if (leading >= 4 && leading < 6) return decimal(m, exponent - 3) + "k";
        if (leading >= 6 && leading < 9) return decimal(m, exponent - 6) + "M";
        let digits = Math.abs(m), power = exponent;
        while (digits % 10 === 0) { digits /= 10; power++; }
        const text = String(digits);
        const fraction = text.length > 1 ? "." + text.slice(1) : "";
        return `${m < 0 ? "−" : ""}${text[0]}${fraction}e${power + text.length - 1}`;
      });
    };
    """#
}
