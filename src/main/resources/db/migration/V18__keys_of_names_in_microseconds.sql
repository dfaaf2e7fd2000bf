-- The keys of names that are not in ASCII take microseconds. Most have only letters that are their own foldings after NFD,
-- or capitals of Latin, Greek and Cyrillic. Only others need the whole table.
alter function name_fold(text) rename to name_fold_all;
create function name_fold(name text) returns text language plpgsql immutable parallel safe as $$
declare
    folded constant text := translate(lower(name collate "C"),
        'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯς',
        'αβγδεζηθικλμνξοπρστυφχψωђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяσ');
begin
    return case
        when folded ~ ('[\u00B5\u00C6\u00D0\u00D8\u00DE-\u00DF\u0110\u0126\u0132\u013F-\u0141\u0149-\u014A\u0152\u0166'
            || '\u017F-\u018B\u018E-\u0198\u019C-\u019F\u01A2-\u01A9\u01AC-\u01AE\u01B1-\u01B8\u01BC\u01C4-\u01CB'
            || '\u01E4\u01F1-\u01F2\u01F6-\u01F7\u021C\u0220-\u0224\u023A-\u023E\u0241-\u024E\u0345\u0370-\u0372'
            || '\u0376\u037F\u03CF-\u03D1\u03D5-\u03F1\u03F4-\u03FA\u03FD-\u03FF\u0460-\u0474\u0478-\u0480'
            || '\u048A-\u04C0\u04C3-\u04CD\u04D4\u04D8\u04E0\u04E8\u04F6\u04FA-\u052E\u0531-\u0556\u0587'
            || '\u10A0-\u10C7\u10CD\u13F8-\u13FD\u1C80-\u1C89\u1C90-\u1CBA\u1CBD-\u1CBF\u1E9A\u1E9E\u1EFA-\u1EFE'
            || '\u2132\u2160-\u216F\u2183\u24B6-\u24CF\u2C00-\u2C2F\u2C60-\u2C64\u2C67-\u2C72\u2C75\u2C7E-\u2CE2'
            || '\u2CEB-\u2CED\u2CF2\uA640-\uA66C\uA680-\uA69A\uA722-\uA72E\uA732-\uA76E\uA779-\uA786\uA78B-\uA78D'
            || '\uA790-\uA792\uA796-\uA7DC\uA7F5\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A'
            || '\U00010400-\U00010427\U000104B0-\U000104D3\U00010570-\U00010595\U00010C80-\U00010CB2'
            || '\U00010D50-\U00010D65\U000118A0-\U000118BF\U00016E40-\U00016E5F\U00016EA0-\U00016EB8'
            || '\U0001E900-\U0001E921]')
        then name_fold_all(folded) else folded end;
end $$;

create or replace function name_key(name text) returns text language sql immutable parallel safe return
    case when octet_length(name) = char_length(name) then lower(name collate "C")
    else normalize(name_fold(normalize(name, nfd)), nfc) end;
